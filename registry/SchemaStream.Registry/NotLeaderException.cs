namespace SchemaStream.Registry;

/// <summary>A write came to an instance that does not lead: the pipeline passes the request on to the leader.</summary>
internal sealed class NotLeaderException : Exception
{
    public NotLeaderException()
        : base("This instance does not lead; the leader has to be asked.")
    {
    }
}
