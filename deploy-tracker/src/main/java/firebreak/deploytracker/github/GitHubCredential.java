package firebreak.deploytracker.github;

/** By whom GitHub is asked. Shows none of its secrets. */
public sealed interface GitHubCredential {
  /** By nobody: only what is public. */
  record Anonymous() implements GitHubCredential {}

  /** By whoever the token belongs to. */
  record Token(String token) implements GitHubCredential {
    @Override
    public String toString() {
      return "a token";
    }
  }

  /**
   * By a GitHub App where it is installed; only an App may write check runs and answer deployment
   * protection rules.
   *
   * @param privateKey as GitHub hands it out, PEM
   */
  record App(String id, long installation, String privateKey) implements GitHubCredential {
    public App {
      AppKey.read(privateKey); // One that is none is said at the start.
    }

    @Override
    public String toString() {
      return "App " + id;
    }
  }
}
