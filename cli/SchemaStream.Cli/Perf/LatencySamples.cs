using System.Text.Json;

namespace SchemaStream.Cli.Perf;

/// <summary>How long things took, of which so many are kept evenly that percentiles are those of all.</summary>
internal sealed class LatencySamples
{
    private const int Most = 1_000_000;

    private readonly Lock _lock = new();
    private readonly List<double> _kept = [];
    private long _seen;
    private int _each = 1;
    private double _sum;
    private double _longest;

    public void Add(TimeSpan took)
    {
        var milliseconds = took.TotalMilliseconds;
        lock (_lock)
        {
            _sum += milliseconds;
            _longest = Math.Max(_longest, milliseconds);
            if (_seen++ % _each != 0)
            {
                return;
            }

            _kept.Add(milliseconds);
            if (_kept.Count >= Most)
            {
                // Every second one from now on, and of those that are kept already.
                for (var i = 0; i < _kept.Count / 2; i++)
                {
                    _kept[i] = _kept[2 * i];
                }

                _kept.RemoveRange(_kept.Count / 2, _kept.Count - (_kept.Count / 2));
                _each *= 2;
            }
        }
    }

    public LatencySummary Summary()
    {
        lock (_lock)
        {
            var sorted = _kept.Order().ToArray();
            return new LatencySummary(
                _seen == 0 ? 0 : _sum / _seen, At(sorted, 0.5), At(sorted, 0.95), At(sorted, 0.99), At(sorted, 0.999), _longest);
        }
    }

    private static double At(double[] sorted, double part) => sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(part * sorted.Length))];
}

/// <summary>In milliseconds.</summary>
internal sealed record LatencySummary(double Average, double P50, double P95, double P99, double P999, double Longest)
{
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("latency");
        writer.WriteNumber("averageMs", Math.Round(Average, 3));
        writer.WriteNumber("p50Ms", Math.Round(P50, 3));
        writer.WriteNumber("p95Ms", Math.Round(P95, 3));
        writer.WriteNumber("p99Ms", Math.Round(P99, 3));
        writer.WriteNumber("p999Ms", Math.Round(P999, 3));
        writer.WriteNumber("maxMs", Math.Round(Longest, 3));
        writer.WriteEndObject();
    }
}
