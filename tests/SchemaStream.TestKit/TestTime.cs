namespace SchemaStream.TestKit;

/// <summary>How long a test waits for what must come: long enough for a busy machine, and never waited for in full when all is well.</summary>
public static class TestTime
{
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(30);
}
