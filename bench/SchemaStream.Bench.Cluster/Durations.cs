namespace SchemaStream.Bench.Cluster;

/// <summary>What was measured again and again.</summary>
internal sealed class Durations(string name)
{
    private readonly List<double> _milliseconds = [];

    public void Add(TimeSpan duration) => _milliseconds.Add(duration.TotalMilliseconds);

    public void Print()
    {
        if (_milliseconds.Count == 0)
        {
            return;
        }

        _milliseconds.Sort();
        Console.WriteLine(
            $"{name,-52} {_milliseconds.Count,4} rounds, p50 {At(0.5),7:F0} ms, p90 {At(0.9),7:F0} ms, p99 {At(0.99),7:F0} ms, max {At(1),7:F0} ms");
    }

    private double At(double quantile) => _milliseconds[Math.Min(_milliseconds.Count - 1, (int)(quantile * _milliseconds.Count))];
}
