namespace SchemaStream.Broker.Runtime.Lanes;

/// <summary>The lane no longer takes commands: the broker is stopping.</summary>
public sealed class LaneClosedException : Exception
{
    public LaneClosedException()
    {
    }

    public LaneClosedException(string lane)
        : base($"Lane {lane} is closed: the broker is stopping.")
    {
    }

    public LaneClosedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
