namespace SchemaStream.Protocol;

/// <summary>An invariant did not hold: a fault of this program, never of its input.</summary>
public sealed class InvariantException : Exception
{
    public InvariantException()
    {
    }

    public InvariantException(string promise)
        : base("Invariant broken: " + promise)
    {
    }

    public InvariantException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
