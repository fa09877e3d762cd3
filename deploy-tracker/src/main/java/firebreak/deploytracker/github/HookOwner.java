package firebreak.deploytracker.github;

import java.util.regex.Pattern;

/** Whose webhooks they are: those of a repository, or of an organisation for all that it has. */
public sealed interface HookOwner {
  /** Owner and name. */
  record Repository(String name) implements HookOwner {
    public Repository {
      GitHubApi.check(GitHubApi.REPOSITORY, "repository", name);
    }
  }

  /** By its login. */
  record Organisation(String name) implements HookOwner {
    private static final Pattern LOGIN = Pattern.compile("[A-Za-z0-9-]{1,39}");

    public Organisation {
      GitHubApi.check(LOGIN, "organisation", name);
    }
  }

  String name();

  /** Where GitHub's API has what belongs to it. */
  default String path() {
    return switch (this) {
      case Repository(String name) -> "/repos/" + name;
      case Organisation(String name) -> "/orgs/" + name;
    };
  }
}
