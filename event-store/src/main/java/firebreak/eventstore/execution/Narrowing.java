package firebreak.eventstore.execution;

import firebreak.eventstore.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Leaves of many rows those that pass a filter, or meet a condition. */
final class Narrowing {
  private static final int LEAST_BLOCK = 1 << 17;

  private final TimeScope scope;
  private final Workers workers;
  private final Deadline deadline;

  Narrowing(TimeScope scope) {
    this.scope = scope;
    workers = scope.means().workers();
    deadline = scope.means().deadline();
  }

  /** One condition asked of the rows of one part. */
  private final class Question {
    final Rows rows;
    final Function<Rows, Condition> planning;
    Condition condition = Condition.NOTHING;
    long[] bits = {};

    Question(Rows rows, Function<Rows, Condition> planning) {
      this.rows = rows;
      this.planning = planning;
    }

    void plan() {
      if (!rows.isEmpty()) {
        condition = planning.apply(rows);
      }
      if (!(condition instanceof Condition.Constant)) {
        bits = Bits.of(rows.part().rows());
      }
    }

    /** Rows are asked in blocks of so many, of which two never share a word. */
    int block() {
      int share = (rows.to() - rows.from()) / (4 * workers.width());
      return Math.max(LEAST_BLOCK, share + 63 & -64);
    }

    int first() {
      return rows.from() & -64;
    }

    void select(int block) {
      int from = first() + block * block();
      condition.select(from, Math.min(from + block(), rows.to()), bits);
    }

    int blocks() {
      return condition instanceof Condition.Constant
          ? 0
          : Math.ceilDiv(rows.to() - first(), block());
    }

    Rows answer() {
      if (condition instanceof Condition.Constant(boolean all)) {
        return all ? rows : Rows.interval(rows.part(), 0, 0);
      }
      long[] among = rows.bits();
      if (among != null) {
        for (int word = 0; word < bits.length; word++) {
          bits[word] &= among[word];
        }
      } else if ((rows.from() & 63) != 0) {
        bits[rows.from() >> 6] &= -1L << rows.from();
      }
      return Rows.of(rows.part(), rows.from(), rows.to(), bits);
    }
  }

  private record Block(Question question, int number) {}

  /** For each filter the rows that pass it. */
  List<List<Rows>> narrow(List<Rows> rows, List<Filter> filters) {
    List<Question> questions = new ArrayList<>();
    for (Filter filter : filters) {
      if (!filter.equals(Filter.ALL)) {
        rows.forEach(some -> questions.add(new Question(some, each -> condition(filter, each))));
      }
    }
    if (!questions.isEmpty()) {
      ask(questions);
    }
    List<List<Rows>> answers = new ArrayList<>();
    int next = 0;
    for (Filter filter : filters) {
      if (filter.equals(Filter.ALL)) {
        answers.add(rows);
      } else {
        answers.add(
            questions.subList(next, next + rows.size()).stream().map(Question::answer).toList());
        next += rows.size();
      }
    }
    return answers;
  }

  private Condition condition(Filter filter, Rows rows) {
    return new Conditions(scope, rows.part(), rows.count()).of(filter);
  }

  /** The rows that meet the condition that is planned for those of their part. */
  List<Rows> narrow(List<Rows> rows, Function<Rows, Condition> planning) {
    List<Question> questions = rows.stream().map(some -> new Question(some, planning)).toList();
    ask(questions);
    return questions.stream().map(Question::answer).toList();
  }

  private void ask(List<Question> questions) {
    workers.run(questions.size(), deadline, (_, task) -> questions.get(task).plan());
    List<Block> blocks = new ArrayList<>();
    for (Question question : questions) {
      for (int number = 0; number < question.blocks(); number++) {
        blocks.add(new Block(question, number));
      }
    }
    workers.run(
        blocks.size(),
        deadline,
        (_, task) -> blocks.get(task).question().select(blocks.get(task).number()));
  }
}
