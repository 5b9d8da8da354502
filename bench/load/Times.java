import java.util.Arrays;
import java.util.List;

/// How long the requests of one connection took, in nanoseconds.
final class Times {
  private long[] values = new long[1024];
  private int size;

  void add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  static long[] sorted(List<Times> all) {
    var sorted = all.stream().flatMapToLong(times -> Arrays.stream(times.values, 0, times.size)).toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  /// The time in milliseconds that so large a share did not exceed.
  static double at(long[] sorted, double share) {
    return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1e6;
  }
}
