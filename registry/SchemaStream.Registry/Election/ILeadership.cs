namespace SchemaStream.Registry.Election;

/// <summary>Whether this instance writes, or passes writes on to the one that does.</summary>
internal interface ILeadership
{
    bool IsLeader { get; }

    /// <summary>Waits, for a while, until it is known who leads.</summary>
    /// <returns>Whether it is this instance.</returns>
    ValueTask<bool> SettleAsync(CancellationToken cancellationToken);
}

/// <summary>An instance that has nobody to ask.</summary>
internal sealed class Alone : ILeadership
{
    public static Alone Instance { get; } = new();

    public bool IsLeader => true;

    public ValueTask<bool> SettleAsync(CancellationToken cancellationToken) => ValueTask.FromResult(true);
}
