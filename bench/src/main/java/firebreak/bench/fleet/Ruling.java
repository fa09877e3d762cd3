package firebreak.bench.fleet;

import firebreak.bench.fleet.Options.Case;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.Suspect;
import firebreak.deploytracker.Verdict;
import firebreak.flags.Withdrawal;
import firebreak.guard.Incident;
import firebreak.guard.Mitigation;
import firebreak.sim.fleet.Truth;
import firebreak.sim.fleet.Truth.Answer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was said and done about one incident, against the truth.
 *
 * @param rank the place of a right suspect in the list, from 1; 0 where there is none
 * @param isUnsure whether the verdict is that it cannot be told
 * @param posterior what the verdict states
 * @param incident what the guard wrote down; null where there was no alert
 */
record Ruling(
    Case of,
    Result result,
    Action action,
    int rank,
    boolean isUnsure,
    double posterior,
    double millis,
    Map<Ranker, Ranker.Named> others,
    Truth truth,
    @Nullable Incident incident) {

  /** How the verdict compares with the truth. */
  enum Result {
    NO_ALERT,
    RIGHT,
    WRONG,
    ABSTAINED
  }

  /** What the guard did. */
  enum Action {
    NONE,
    ASKED,
    RIGHT,
    WRONG
  }

  boolean hasAlert() {
    return result != Result.NO_ALERT;
  }

  static Ruling quiet(Case of, Truth truth) {
    return new Ruling(
        of, Result.NO_ALERT, Action.NONE, 0, false, 0, Double.NaN, Map.of(), truth, null);
  }

  static Ruling of(Case of, Truth truth, Scene scene, Scene.Outcome outcome) {
    Incident incident = outcome.incident();
    Verdict verdict = incident.finding().verdict();
    List<Change> changes = scene.changes();
    Map<Ranker, Ranker.Named> others = new EnumMap<>(Ranker.class);
    for (Ranker ranker : Ranker.values()) {
      others.put(ranker, ranker.name(scene));
    }
    return new Ruling(
        of,
        result(verdict, truth),
        action(incident.mitigation(), truth),
        rank(incident.finding().suspects(), changes, truth),
        verdict.kind() == Verdict.Kind.UNSURE,
        verdict.posterior(),
        outcome.millis(),
        others,
        truth,
        incident);
  }

  private static Result result(Verdict verdict, Truth truth) {
    Verdict.Lever lever = verdict.lever();
    String flag = lever == null ? "" : lever.flag();
    String variation = lever == null ? "" : lever.variation();
    if (truth.isRight(answer(verdict.kind()), verdict.buildId(), flag, variation)) {
      return Result.RIGHT;
    }
    return verdict.kind() == Verdict.Kind.UNSURE ? Result.ABSTAINED : Result.WRONG;
  }

  private static Answer answer(Verdict.Kind kind) {
    return switch (kind) {
      case FLAG -> Answer.FLAG;
      case DEPLOY -> Answer.DEPLOY;
      case CUSTOMER -> Answer.CUSTOMER;
      case NONE -> Answer.NONE;
      case UNSURE -> Answer.UNSURE;
    };
  }

  private static Action action(@Nullable Mitigation mitigation, Truth truth) {
    if (mitigation == null) {
      return Action.NONE;
    }
    if (mitigation.state() == Mitigation.State.RECOMMENDED) {
      return Action.ASKED;
    }
    Withdrawal done = mitigation.withdrawal();
    return truth.isRightToAct(done.flag(), done.fromVariation()) ? Action.RIGHT : Action.WRONG;
  }

  private static int rank(List<Suspect> suspects, List<Change> changes, Truth truth) {
    for (int i = 0; i < suspects.size(); i++) {
      if (isRight(suspects.get(i), changes, truth)) {
        return i + 1;
      }
    }
    return 0;
  }

  private static boolean isRight(Suspect suspect, List<Change> changes, Truth truth) {
    return switch (suspect.kind()) {
      case "none" -> truth.isRight(Answer.NONE, "", "", "");
      case "customer" -> truth.isRight(Answer.CUSTOMER, "", "", "");
      default ->
          truth.culprits().stream().anyMatch(culprit -> isCulprit(suspect, changes, culprit));
    };
  }

  private static boolean isCulprit(Suspect suspect, List<Change> changes, Truth.Culprit culprit) {
    for (Change change : changes) {
      if (change.id().equals(suspect.changeId())) {
        return change instanceof Change.Deploy deploy
            ? deploy.buildId().equals(culprit.build())
            : change.name().equals(culprit.flag());
      }
    }
    String id = suspect.changeId();
    return id.startsWith("flag:observed:")
        ? id.endsWith(":" + culprit.flag())
        : id.endsWith(":" + culprit.build());
  }

  /** The whole case in words, for whoever wants to know why. */
  List<String> story() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s %d %s, action %s, rank %d: %s"
            .formatted(of.kind(), of.seed(), result, action, rank, truth));
    if (incident == null) {
      return lines;
    }
    lines.add("  alert " + incident.alert());
    lines.add("  " + incident.finding().verdict());
    lines.add("  p " + incident.finding().pValue() + " " + incident.finding().prediction());
    for (Suspect suspect : incident.finding().suspects()) {
      lines.add("  %.4f %s %s".formatted(suspect.posterior(), suspect.changeId(), suspect.name()));
      suspect.reasonsFor().forEach(reason -> lines.add("      + " + reason));
      suspect.reasonsAgainst().forEach(reason -> lines.add("      - " + reason));
      lines.add("      " + suspect.evidence());
    }
    Mitigation mitigation = incident.mitigation();
    if (mitigation != null) {
      lines.add("  " + mitigation.withdrawal());
      mitigation.refusals().forEach(refusal -> lines.add("      refused: " + refusal));
    }
    lines.add("  others " + others);
    return lines;
  }
}
