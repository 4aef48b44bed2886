namespace SchemaStream.Broker.Server.Quotas;

/// <summary>The controller mutation quota of one request (KIP-599).</summary>
public struct ControllerMutationQuota(ClientQuotas quotas, string user, string clientId, bool isStrict)
{
    /// <summary>How long the client has to pause after this request.</summary>
    public TimeSpan Pause { get; private set; }

    /// <summary>Takes so many partitions; false where they are to be refused with THROTTLING_QUOTA_EXCEEDED.</summary>
    public bool TryTake(int partitions)
    {
        var taken = quotas.TryMutate(user, clientId, partitions, isStrict, out var pause);
        Pause = pause > Pause ? pause : Pause;
        return taken;
    }
}
