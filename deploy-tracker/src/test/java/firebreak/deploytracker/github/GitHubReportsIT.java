package firebreak.deploytracker.github;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.deploytracker.github.GitHubReports.Check;
import firebreak.deploytracker.github.GitHubReports.Conclusion;
import firebreak.deploytracker.github.GitHubReports.Written;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What GitHub is told, said once and kept up to date. */
class GitHubReportsIT {
  private static final String MARKER = "<!-- firebreak:release query-api -->";
  private static final String OWN = "https://fb.example/";
  private static final Instant NOW = Instant.parse("2026-03-01T12:10:00Z");

  @SuppressWarnings("NullAway.Init")
  private FakeGitHub gitHub;

  @SuppressWarnings("NullAway.Init")
  private GitHubReports reports;

  @BeforeEach
  void startGitHub() throws IOException {
    gitHub = new FakeGitHub();
    gitHub.commits("b2", "Merge #12");
    gitHub.merges(12, "b2");
    reports = reports(new GitHubCredential.Token("token"));
  }

  @AfterEach
  void stopGitHub() {
    gitHub.close();
  }

  @Test
  void aPullRequestHasOneCommentWhichIsChangedInPlace() {
    assertEquals(Written.CREATED, comment("It serves."));
    assertEquals(Written.UPDATED, comment("It burns."));
    assertEquals(Written.UNCHANGED, comment("It burns."));
    assertEquals(1, gitHub.comments().size());
    JsonNode comment = gitHub.comments().getFirst();
    assertEquals(MARKER + "\nIt burns.", comment.path("body").asText());
    assertEquals("12", comment.path("issue").asText());
  }

  @Test
  void aCommentThatQuotesOursIsSomebodyElses() {
    found(reports.comment(FakeGitHub.REPOSITORY, "b2", "> " + MARKER, "I do not agree."));
    assertEquals(Written.CREATED, comment("It burns."));
    assertEquals(2, gitHub.comments().size());
  }

  @Test
  void anAnswerThatWasLostMakesNoSecondComment() {
    gitHub.loseAnswers(true);
    assertInstanceOf(
        GitHubAnswer.Unavailable.class,
        reports.comment(FakeGitHub.REPOSITORY, "b2", MARKER, "It burns."));
    gitHub.loseAnswers(false);
    assertEquals(Written.UNCHANGED, comment("It burns."));
    assertEquals(1, gitHub.comments().size());
  }

  @Test
  void aCommitWithoutAPullRequestHasNoPlaceToSayIt() {
    gitHub.answer("/repos/acme/query-api/commits/b2/pulls", "[]");
    assertEquals(Written.NOWHERE, comment("It burns."));
  }

  @Test
  void aCheckIsMadeOnceAndChangedInPlace() {
    assertEquals(Written.CREATED, check(Conclusion.RUNNING));
    assertEquals("in_progress", gitHub.checks().getFirst().path("status").asText());
    assertEquals(Written.UPDATED, check(Conclusion.FAILURE));
    JsonNode check = gitHub.checks().getFirst();
    assertEquals(1, gitHub.checks().size());
    assertEquals("failure", check.path("conclusion").asText());
    assertEquals("b2", check.path("head_sha").asText());
    assertEquals("It burns", check.at("/output/title").asText());
    assertEquals(OWN + "incidents/f20", check.path("details_url").asText());
  }

  @Test
  void aDeploymentIsSaidToHaveFailedOnceAndThatCanBeTakenBack() {
    gitHub.deploys(7, "b2", "production", "success");
    assertEquals(Written.UNCHANGED, deployment(false), "of what is not blamed nothing is said");
    assertEquals(Written.CREATED, deployment(true));
    assertEquals(Written.UNCHANGED, deployment(true));
    JsonNode ours = gitHub.statuses().getFirst();
    assertEquals("failure", ours.path("state").asText());
    assertEquals("7", ours.path("deployment").asText());
    assertTrue(ours.has("auto_inactive") && !ours.path("auto_inactive").asBoolean(), "" + ours);
    assertEquals(Written.CREATED, deployment(false));
    assertEquals("success", gitHub.statuses().getFirst().path("state").asText());
    assertEquals(Written.UNCHANGED, deployment(false));
  }

  @Test
  void aGateIsAnsweredAtTheRunThatWaits() {
    found(reports.gate(FakeGitHub.REPOSITORY, "4711", "production", false, "It burns."));
    found(reports.gate(FakeGitHub.REPOSITORY, "4711", "production", null, "Too early."));
    assertEquals("rejected", gitHub.gates().getFirst().path("state").asText());
    assertEquals("4711", gitHub.gates().getFirst().path("run").asText());
    assertEquals("production", gitHub.gates().getFirst().path("environment_name").asText());
    assertTrue(!gitHub.gates().getLast().has("state"), "" + gitHub.gates());
    assertThrows(
        IllegalArgumentException.class,
        () -> reports.gate(FakeGitHub.REPOSITORY, "1/../../x", "production", true, ""));
  }

  @Test
  void anAppSignsForATokenOfItsInstallation() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    gitHub.answer("/app", "{\"id\": 5, \"slug\": \"firebreak\"}");
    gitHub.answer(
        "/app/installations/6",
        "{\"id\": 6, \"access_tokens_url\": \"%s/app/installations/6/access_tokens\"}"
            .formatted(gitHub.api()));
    gitHub.tokens("/app/installations/6/access_tokens", "ghs_1");
    reports = reports(new GitHubCredential.App("5", 6, pem(pair)));
    assertEquals(Written.CREATED, check(Conclusion.FAILURE));
    List<String> said = gitHub.authorizations();
    assertEquals("Bearer ghs_1", said.getLast().replace("token ", "Bearer "));
    String[] parts = said.getFirst().substring("Bearer ".length()).split("\\.", -1);
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(pair.getPublic());
    signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
    assertTrue(signature.verify(Base64.getUrlDecoder().decode(parts[2])));
    assertEquals(
        "{\"iat\":%d,\"exp\":%d,\"iss\":\"5\"}"
            .formatted(NOW.getEpochSecond() - 60, NOW.getEpochSecond() + 540),
        new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
  }

  @Test
  void aKeyThatIsNoneIsSaidAndNotShown() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> new GitHubCredential.App("5", 6, "s3cret"));
    String said = String.valueOf(refused.getMessage());
    assertTrue(said.contains("RSA private key in PEM") && !said.contains("s3cret"), said);
  }

  /** As GitHub hands it out, PKCS #1: what lies in the last field of PKCS #8. */
  private static String pem(KeyPair pair) {
    byte[] whole = pair.getPrivate().getEncoded();
    int at = 26;
    byte[] bare = java.util.Arrays.copyOfRange(whole, at, whole.length);
    return "-----BEGIN RSA PRIVATE KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(bare)
        + "\n-----END RSA PRIVATE KEY-----\n";
  }

  private Written comment(String markdown) {
    return found(reports.comment(FakeGitHub.REPOSITORY, "b2", MARKER, markdown));
  }

  private Written check(Conclusion conclusion) {
    return found(
        reports.check(
            FakeGitHub.REPOSITORY,
            "b2",
            new Check("Firebreak", conclusion, "It burns", "It burns.", OWN + "incidents/f20")));
  }

  private Written deployment(boolean blamed) {
    return found(
        reports.deployment(
            FakeGitHub.REPOSITORY,
            "b2",
            "production",
            blamed,
            "It burns",
            OWN + "incidents/f20",
            OWN));
  }

  private static <T> T found(GitHubAnswer<T> answer) {
    return switch (answer) {
      case GitHubAnswer.Found<T> found -> found.value();
      case GitHubAnswer.Unavailable<T> unavailable -> throw new AssertionError(unavailable.why());
    };
  }

  private GitHubReports reports(GitHubCredential credential) {
    return new GitHubReports(new GitHubApi(gitHub.api(), credential, InstantSource.fixed(NOW)));
  }
}
