namespace SchemaStream.Registry.Election;

/// <summary>Whether this instance writes, or passes writes on to the one that does.</summary>
internal interface ILeadership
{
    bool IsLeader { get; }
}

/// <summary>An instance that has nobody to ask.</summary>
internal sealed class Alone : ILeadership
{
    public static Alone Instance { get; } = new();

    public bool IsLeader => true;
}
