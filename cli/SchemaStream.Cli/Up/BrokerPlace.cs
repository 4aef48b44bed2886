namespace SchemaStream.Cli.Up;

/// <summary>Where one broker of a cluster on this machine has everything: <c>DIR/broker-N</c>.</summary>
internal sealed record BrokerPlace(int NodeId, string Directory)
{
    public string ConfigPath => Path.Combine(Directory, "broker.properties");

    public string DataDirectory => Path.Combine(Directory, "data");

    public static BrokerPlace Of(string dataDirectory, int nodeId) => new(nodeId, Path.Combine(dataDirectory, $"broker-{nodeId}"));
}
