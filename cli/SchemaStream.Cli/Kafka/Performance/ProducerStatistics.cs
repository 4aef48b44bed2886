using System.Globalization;

namespace SchemaStream.Cli.Kafka.Performance;

/// <summary>How fast records went out and how long each took, as <c>kafka-producer-perf-test</c> prints it.</summary>
internal sealed class ProducerStatistics
{
    private const double Mebibyte = 1024 * 1024;
    private const long MostSamples = 500_000;
    private static readonly TimeSpan ReportingInterval = TimeSpan.FromSeconds(5);

    private readonly TextWriter _output;
    private readonly bool _isSteadyState;
    private readonly Lock _lock = new();
    private readonly List<int> _samples = [];
    private readonly long _sampling;
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private Totals _all;
    private Totals _window;
    private long _windowStart = TimeProvider.System.GetTimestamp();

    public ProducerStatistics(long records, bool isSteadyState, TextWriter output)
    {
        _sampling = Math.Max(1, records / Math.Max(1, Math.Min(records, MostSamples)));
        _isSteadyState = isSteadyState;
        _output = output;
    }

    /// <summary>Whether progress is printed now and then.</summary>
    public bool IsPrinting { get; set; } = true;

    /// <summary>A record was acknowledged.</summary>
    /// <param name="latencyMs">Since it was handed to the producer.</param>
    public void Record(int latencyMs, int bytes)
    {
        lock (_lock)
        {
            if (_all.Count % _sampling == 0)
            {
                _samples.Add(latencyMs);
            }

            _all.Add(latencyMs, bytes);
            _window.Add(latencyMs, bytes);
            var elapsed = TimeProvider.System.GetElapsedTime(_windowStart);
            if (elapsed >= ReportingInterval)
            {
                if (IsPrinting)
                {
                    WriteWindow(elapsed);
                }

                _window = default;
                _windowStart = TimeProvider.System.GetTimestamp();
            }
        }
    }

    public void WriteTotal()
    {
        lock (_lock)
        {
            var seconds = Math.Max(TimeProvider.System.GetElapsedTime(_start).TotalSeconds, 0.001);
            _samples.Sort();
            _output.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"{_all.Count}{(_isSteadyState ? " steady state" : "")} records sent, {_all.Count / seconds:F6} records/sec ({_all.Bytes / seconds / Mebibyte:F2} MB/sec), " +
                $"{_all.Average:F2} ms avg latency, {(double)_all.Longest:F2} ms max latency, " +
                $"{Percentile(0.5)} ms 50th, {Percentile(0.95)} ms 95th, {Percentile(0.99)} ms 99th, {Percentile(0.999)} ms 99.9th.\n"));
        }
    }

    private void WriteWindow(TimeSpan elapsed) => _output.Write(string.Create(
        CultureInfo.InvariantCulture,
        $"{_window.Count}{(_isSteadyState ? " steady state" : "")} records sent, {_window.Count / elapsed.TotalSeconds:F1} records/sec " +
        $"({_window.Bytes / elapsed.TotalSeconds / Mebibyte:F2} MB/sec), {_window.Average:F1} ms avg latency, {(double)_window.Longest:F1} ms max latency.\n"));

    private int Percentile(double part) => _samples.Count == 0 ? 0 : _samples[Math.Min(_samples.Count - 1, (int)(part * _samples.Count))];

    private struct Totals
    {
        public long Count;
        public long Bytes;
        public int Longest;
        private long _latency;

        public readonly double Average => Count == 0 ? 0 : (double)_latency / Count;

        public void Add(int latencyMs, int bytes)
        {
            Count++;
            Bytes += bytes;
            _latency += latencyMs;
            Longest = Math.Max(Longest, latencyMs);
        }
    }
}
