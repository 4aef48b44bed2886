namespace SchemaStream;

/// <summary>Whose acknowledgement a producer waits for.</summary>
public enum Acks
{
    /// <summary>All in-sync replicas, with retries that neither repeat nor reorder (the idempotent producer).</summary>
    All = 0,

    /// <summary>The leader's alone: a record can be lost with it, and a retry can repeat or reorder some.</summary>
    Leader = 1,

    /// <summary>No one's: the position of a record stays unknown.</summary>
    None = 2,
}
