package firebreak.bench.fleet;

import com.google.errorprone.annotations.FormatMethod;
import java.util.Locale;

/** Verdicts that turned out right against what they stated, with 95 % intervals, as SVG. */
final class CalibrationPlot {
  private static final int SIZE = 420;
  private static final int MARGIN = 50;

  private final Calibration calibration;
  private final StringBuilder svg = new StringBuilder();

  CalibrationPlot(Calibration calibration) {
    this.calibration = calibration;
  }

  String svg() {
    int whole = SIZE + 2 * MARGIN;
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
            + " font-family=\"sans-serif\" font-size=\"12\">%n",
        whole, whole);
    add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n", whole, whole);
    for (int tenth = 5; tenth <= 10; tenth++) {
      double at = tenth / 10.0;
      line(at, 0.5, at, 1, "#ddd");
      line(0.5, at, 1, at, "#ddd");
      text(x(at), y(0.5) + 18, "middle", Double.toString(at));
      text(x(0.5) - 8, y(at) + 4, "end", Double.toString(at));
    }
    line(0.5, 0.5, 1, 1, "#888");
    calibration.bins().forEach(this::bin);
    text(
        whole / 2.0,
        whole - 10.0,
        "middle",
        String.format(
            Locale.ROOT,
            "stated posterior (%d verdicts, Brier %.3f)",
            calibration.verdicts(),
            calibration.brier()));
    add(
        "<text transform=\"translate(14 %d) rotate(-90)\" text-anchor=\"middle\">right</text>%n",
        whole / 2);
    return svg.append("</svg>\n").toString();
  }

  private void bin(Calibration.Bin bin) {
    double stated = bin.meanStated();
    line(stated, bin.interval().low(), stated, bin.interval().high(), "#26c");
    add(
        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"#26c\"><title>%d of %d</title></circle>%n",
        x(stated), y(bin.share()), bin.right(), bin.verdicts());
  }

  private void line(double x1, double y1, double x2, double y2, String colour) {
    add(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n",
        x(x1), y(y1), x(x2), y(y2), colour);
  }

  private void text(double x, double y, String anchor, String said) {
    add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, said);
  }

  @FormatMethod
  private void add(String format, Object... arguments) {
    svg.append(String.format(Locale.ROOT, format, arguments));
  }

  private static double x(double share) {
    return MARGIN + SIZE * (share - 0.5) / 0.5;
  }

  private static double y(double share) {
    return MARGIN + SIZE * (1 - Math.max(0.5, share)) / 0.5;
  }
}
