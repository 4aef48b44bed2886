namespace SchemaStream.Broker.Runtime.Cluster;

/// <summary>This broker's standing in the cluster.</summary>
public interface IBrokerLifecycle
{
    int BrokerId { get; }

    /// <summary>
    /// Of this process, given by the controller; every command of a broker names it. -1 until it is registered. It changes
    /// when the cluster has forgotten this broker and it had to register again.
    /// </summary>
    long BrokerEpoch { get; }

    /// <summary>Fenced: it leads nothing and clients are not shown it. As of the controller's last answer.</summary>
    bool IsFenced { get; }
}
