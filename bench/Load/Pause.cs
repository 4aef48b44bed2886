namespace SchemaStream.Bench.Load;

/// <summary>Gives the cores to others for a moment, where there is no event to wait for: a pace, or a queue that is full.</summary>
internal static class Pause
{
    private static readonly object Never = new();

    /// <summary>A millisecond, more or less.</summary>
    public static void Briefly()
    {
        lock (Never)
        {
            Monitor.Wait(Never, millisecondsTimeout: 1);
        }
    }
}
