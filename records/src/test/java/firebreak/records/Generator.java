package firebreak.records;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes any value of a record type by chance: whatever its constructors let through. */
final class Generator {
  private static final int ATTEMPTS = 10_000;
  private static final String[] TEXTS = {
    "",
    "retail",
    "query-api 8812",
    "\u0000",
    "\ud83d\ude00",
    "\ud83d",
    "\udc00x",
    "\"\\\n\t",
    "é…",
    "NaN",
    "null",
    "{\"on\": true}"
  };
  private static final double[] NUMBERS = {
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    -0.0,
    0,
    Double.MIN_VALUE,
    Double.MAX_VALUE,
    1e-7,
    9007199254740993e3
  };

  private final Random random;

  Generator(long seed) {
    this.random = new Random(seed);
  }

  <T> T make(Class<T> type) {
    return type.cast(make(type, 0));
  }

  private Object make(Type type, int depth) {
    if (type instanceof ParameterizedType generic) {
      return makeGeneric(generic, depth);
    }
    Class<?> plain = (Class<?>) type;
    if (plain == String.class) {
      return random.nextInt(3) == 0
          ? TEXTS[random.nextInt(TEXTS.length)]
          : Long.toString(random.nextLong(), 36);
    } else if (plain == double.class) {
      return switch (random.nextInt(3)) {
        case 0 -> NUMBERS[random.nextInt(NUMBERS.length)];
        case 1 -> random.nextDouble();
        default -> Double.longBitsToDouble(random.nextLong());
      };
    } else if (plain == long.class) {
      return random.nextBoolean() ? random.nextLong() : (long) random.nextInt(1_000);
    } else if (plain == int.class) {
      return random.nextInt();
    } else if (plain == boolean.class) {
      return random.nextBoolean();
    } else if (plain == Instant.class) {
      return Instant.ofEpochSecond(random.nextLong(-99_999_999_999L, 99_999_999_999L), nano());
    } else if (plain == Duration.class) {
      return random.nextInt(3) == 0
          ? Duration.ofSeconds(10L * random.nextInt(8_640))
          : Duration.ofSeconds(random.nextInt(), nano());
    } else if (plain == LocalDateTime.class) {
      return LocalDateTime.of(2000 + random.nextInt(50), 1 + random.nextInt(12), 1, 2, 3);
    } else if (plain == ZoneId.class) {
      return ZoneId.of(random.nextBoolean() ? "America/New_York" : "UTC");
    } else if (plain.isEnum()) {
      Object[] constants = plain.getEnumConstants();
      return constants[random.nextInt(constants.length)];
    } else if (plain.isSealed()) {
      Class<?>[] cases = plain.getPermittedSubclasses();
      return make(cases[random.nextInt(cases.length)], depth);
    } else if (plain.isRecord()) {
      return makeRecord(plain, depth + 1);
    }
    throw new AssertionError("no way to make a " + type);
  }

  private int nano() {
    return random.nextBoolean() ? 0 : random.nextInt(1_000_000_000);
  }

  private Object makeGeneric(ParameterizedType generic, int depth) {
    if (generic.getRawType() == Map.class) {
      return random.nextBoolean() ? Map.of() : Map.of("sli", "LT($ms, 5)");
    }
    List<Object> items = new ArrayList<>();
    int size = random.nextInt(Math.max(2, 5 - depth));
    for (int i = 0; i < size; i++) {
      items.add(make(generic.getActualTypeArguments()[0], depth));
    }
    if (generic.getRawType() == List.class) {
      return List.copyOf(items);
    } else if (generic.getRawType() == Set.class) {
      return new HashSet<>(items);
    }
    throw new AssertionError("no way to make a " + generic);
  }

  private Object makeRecord(Class<?> type, int depth) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
    }
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      @Nullable Object[] values = new @Nullable Object[components.length];
      for (int i = 0; i < components.length; i++) {
        boolean mayBeNull = components[i].getAnnotatedType().isAnnotationPresent(Nullable.class);
        values[i] =
            mayBeNull && random.nextBoolean() ? null : make(components[i].getGenericType(), depth);
      }
      try {
        return type.getDeclaredConstructor(types).newInstance(values);
      } catch (InvocationTargetException e) {
        if (!(e.getCause() instanceof IllegalArgumentException)) {
          throw new AssertionError(e);
        }
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("cannot make a " + type, e);
      }
    }
    throw new AssertionError("no valid " + type + " in " + ATTEMPTS + " attempts");
  }
}
