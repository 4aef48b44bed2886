namespace SchemaStream.Broker.Runtime.Lanes;

/// <summary>The two times that state machines are given.</summary>
public sealed class LaneClock(TimeProvider timeProvider)
{
    private readonly long _startTimestamp = timeProvider.GetTimestamp();
    private readonly long _startMs = timeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>What a calendar says: for timestamps that are kept. It may jump.</summary>
    public long WallMs => timeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Near the wall clock at the start and never going back: for deadlines, which must not jump with the calendar.</summary>
    public long SteadyMs => _startMs + (long)timeProvider.GetElapsedTime(_startTimestamp).TotalMilliseconds;
}
