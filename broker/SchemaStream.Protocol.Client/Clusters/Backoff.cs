namespace SchemaStream.Protocol.Client.Clusters;

/// <summary>How long to wait before the next try: longer each time, up to a limit, and never quite like everyone else.</summary>
/// <param name="first">The first wait, before jitter.</param>
/// <param name="longest">No wait is longer.</param>
/// <param name="jitter">Gives a number from 0 to 1; a wait is between half and all of what its turn allows.</param>
public sealed class Backoff(TimeSpan first, TimeSpan longest, Func<double> jitter)
{
    private const int MostDoublings = 20;
    private int _failures;

    public TimeSpan Next()
    {
        var doubled = first * (1L << Math.Min(_failures++, MostDoublings));
        var turn = doubled < longest ? doubled : longest;
        return turn * (0.5 + (0.5 * jitter()));
    }

    public void Reset() => _failures = 0;
}
