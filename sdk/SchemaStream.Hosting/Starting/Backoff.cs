namespace SchemaStream.Hosting.Starting;

/// <summary>How long to wait before the next attempt: twice as long each time.</summary>
/// <param name="longest">The longest wait.</param>
internal sealed class Backoff(TimeSpan longest)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);

    private TimeSpan _next = First;

    /// <summary>The wait before the next attempt.</summary>
    public TimeSpan Next()
    {
        var pause = _next;
        _next = pause * 2 < longest ? pause * 2 : longest;
        return pause;
    }

    /// <summary>An attempt has succeeded.</summary>
    public void Reset() => _next = First;
}
