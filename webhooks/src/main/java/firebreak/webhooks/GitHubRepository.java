package firebreak.webhooks;

/**
 * The repository that an event is about.
 *
 * @param fullName owner and name, such as {@code acme/query-api}
 * @param service the name alone: what a repository builds and deploys is called after it
 * @param url its page
 */
record GitHubRepository(String fullName, String service, String defaultBranch, String url) {

  static GitHubRepository of(Payload payload) {
    Payload repository = payload.object("repository");
    String fullName = repository.requiredText("full_name");
    return new GitHubRepository(
        fullName,
        fullName.substring(fullName.lastIndexOf('/') + 1),
        repository.text("default_branch"),
        repository.webAddress("html_url"));
  }

  String page(String path) {
    return url.isEmpty() ? "" : url + path;
  }
}
