namespace SchemaStream.Broker.Server.Telemetry;

/// <summary>
/// The clients that push. Bounded, for anyone can make up an id: who was heard of least lately makes room, and is known again
/// when it comes again, but for when it pushed last.
/// </summary>
internal sealed class ClientInstances(int limit)
{
    private readonly Dictionary<Guid, ClientInstance> _instances = [];

    public int Count => _instances.Count;

    public ClientInstance Get(TelemetryClient client, ClientSubscriptions subscriptions, long nowMs)
    {
        if (!_instances.TryGetValue(client.InstanceId, out var instance))
        {
            if (_instances.Count >= limit)
            {
                MakeRoom();
            }

            _instances[client.InstanceId] = instance = new ClientInstance(client, subscriptions);
        }

        instance.Use(subscriptions, nowMs);
        return instance;
    }

    /// <summary>A quarter at once: looking through all of them for each new one would be an attacker's lever.</summary>
    private void MakeRoom()
    {
        foreach (var instance in _instances.Values.OrderBy(instance => instance.LastUsedMs).Take(Math.Max(1, limit / 4)).ToArray())
        {
            _instances.Remove(instance.Client.InstanceId);
        }
    }
}
