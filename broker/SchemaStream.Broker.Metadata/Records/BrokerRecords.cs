using SchemaStream.Broker.Metadata.Images;

namespace SchemaStream.Broker.Metadata.Records;

/// <summary>From brokers to their records.</summary>
internal static class BrokerRecords
{
    public static RegisterBrokerRecord Registration(BrokerRegistration broker) => new()
    {
        BrokerId = broker.BrokerId,
        IncarnationId = broker.IncarnationId,
        BrokerEpoch = broker.BrokerEpoch,
        Endpoints =
        [.. broker.Endpoints.Select(endpoint => new RegisterBrokerRecord.BrokerEndpoint
        {
            Listener = endpoint.Listener,
            Host = endpoint.Host,
            Port = (ushort)endpoint.Port,
            SecurityProtocol = endpoint.SecurityProtocol,
        })],
        Rack = broker.Rack,
        Fenced = broker.Fenced,
        DirectoryId = broker.DirectoryId,
        InControlledShutdown = broker.InControlledShutdown,
    };

    public static BrokerFencingRecord Fencing(BrokerRegistration broker, bool fenced, bool inControlledShutdown) => new()
    {
        BrokerId = broker.BrokerId,
        BrokerEpoch = broker.BrokerEpoch,
        Fenced = fenced,
        InControlledShutdown = inControlledShutdown,
    };
}
