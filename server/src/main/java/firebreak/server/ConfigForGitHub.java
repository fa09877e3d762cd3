package firebreak.server;

import firebreak.deploytracker.github.GitHubCredential;
import firebreak.deploytracker.github.HookOwner;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The key {@code github} of the configuration. */
final class ConfigForGitHub {
  private ConfigForGitHub() {}

  static Config.GitHub read(Section github) {
    boolean hasApp = github.has("app");
    Config.GitHub read =
        new Config.GitHub(
            ConfigReader.uri(github, "api"),
            ConfigReader.secret(github, "token", "GITHUB_TOKEN"),
            hasApp ? github.section("app", ConfigForGitHub::app) : null,
            github.values("repositories", ConfigForGitHub::repository, List.of()),
            github.values("organisations", ConfigForGitHub::organisation, List.of()),
            Set.copyOf(
                new HashSet<>(
                    github.values(
                        "tell", text -> ConfigReader.choice(Config.Tell.class, text), List.of()))),
            github.bool("redeliver", false));
    if (hasApp && github.has("token")) {
      throw github.error("app", "and a token exclude each other");
    }
    if (!read.tells().isEmpty() && read.repositories().isEmpty()) {
      throw github.error("tell", "needs repositories: only of these anything is told");
    }
    boolean hasHooks = !read.repositories().isEmpty() || !read.organisations().isEmpty();
    if (read.redeliver() && !(hasHooks && read.isSomebody())) {
      throw github.error("redeliver", "needs repositories or organisations, and a token or an app");
    }
    if (!read.organisations().isEmpty() && !read.redeliver()) {
      throw github.error("organisations", "are those whose webhooks redeliver looks through");
    }
    if (!read.tells().isEmpty() && !read.isSomebody()) {
      throw github.error("tell", "needs a token, or an app, by whom it is told");
    }
    return read;
  }

  private static Config.GitHubApp app(Section app) {
    String id = app.required("id");
    int installation = app.count("installation", 0);
    Secret key = app.requiredSecret("key");
    if (!id.matches("[A-Za-z0-9.]{1,64}") || installation == 0) {
      throw app.error("installation", "and id are the numbers that GitHub shows of the App");
    }
    try {
      GitHubCredential checked = new GitHubCredential.App(id, installation, key.value());
      return new Config.GitHubApp(id, installation, key, checked);
    } catch (IllegalArgumentException e) {
      throw app.error("key", String.valueOf(e.getMessage()));
    }
  }

  private static String repository(String text) {
    if (!text.matches("[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")) {
      throw new IllegalArgumentException("a repository is OWNER/NAME, was '" + text + "'");
    }
    return text;
  }

  private static String organisation(String text) {
    return new HookOwner.Organisation(text).name();
  }

  /** By whom GitHub is asked. */
  static GitHubCredential credential(Config.GitHub github) {
    Config.@Nullable GitHubApp app = github.app();
    Secret token = github.token();
    if (app != null) {
      return app.credential();
    }
    return token == null
        ? new GitHubCredential.Anonymous()
        : new GitHubCredential.Token(token.value());
  }
}
