package firebreak.deploytracker.github;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Flags in a diff, at the lines where they are. */
class FlagReferencesTest {
  private static final Set<String> FLAGS = Set.of("short-cache", "dark.mode", "a");

  @Test
  void aChangedLineNamesAFlagBetweenQuotes() {
    assertEquals(
        List.of(
            new FlagReference("short-cache", "Cache.java", 11, false),
            new FlagReference("short-cache", "Cache.java", 11, true),
            new FlagReference("dark.mode", "Cache.java", 12, true),
            new FlagReference("a", "Cache.java", 12, true)),
        FlagReferences.in(
            "Cache.java",
            """
            @@ -10,3 +10,4 @@ class Cache
             client.boolVariation("dark.mode", false);
            -client.boolVariation("short-cache", false);
            +client.boolVariation('short-cache', true);
            +both(`dark.mode`,"a");
             unchanged("short-cache");
            \\ No newline at end of file
            """,
            FLAGS));
  }

  @Test
  void aLaterHunkHasLinesOfItsOwn() {
    assertEquals(
        List.of(new FlagReference("short-cache", "f", 101, true)),
        FlagReferences.in("f", "@@ -1 +1 @@\n-a\n+b\n@@ -90,0 +101 @@\n+\"short-cache\"", FLAGS));
  }

  @Test
  void aPartOfAKeyOrABareWordIsNone() {
    assertEquals(
        List.of(),
        FlagReferences.in(
            "f", "@@ -1 +1,3 @@\n+\"short-cache-2\"\n+short-cache\n+a = \"xshort-cache\"", FLAGS));
  }
}
