namespace SchemaStream.Documentation.Tests.Pages;

/// <summary><c>docs/transport.md</c>; its table is held to the code where the code is tested.</summary>
public sealed class TransportPage
{
    [Fact]
    public async Task Settings_AreTakenByTheirNames()
    {
        var options = new SchemaStreamOptions
        {
            BootstrapServers = "kafka-1.example.org:9092",
            RegistryUrl = new Uri("https://registry.example.org"),
            ConfigureTransport = settings =>
            {
                settings["reconnect.backoff.max.ms"] = "10000";
                settings["client.rack"] = "zone-a";
            },
        };

        await using var client = new SchemaStreamClient(options);

        var set = new Dictionary<string, string>();
        options.ConfigureTransport(set);
        set["client.rack"].ShouldBe("zone-a");
    }
}
