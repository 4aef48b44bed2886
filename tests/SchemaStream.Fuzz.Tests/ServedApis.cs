using System.Net;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Fuzz.Tests;

/// <summary>What a broker of today serves, as it says itself: a new API is fuzzed by being there.</summary>
internal static class ServedApis
{
    private static readonly Lazy<(ApiKey[] Clients, ApiKey[] Controllers)> Asked = new(() => Task.Run(AskAsync).GetAwaiter().GetResult());

    public static IReadOnlyList<ApiKey> OfClients() => Asked.Value.Clients;

    public static IReadOnlyList<ApiKey> OfControllers() => Asked.Value.Controllers;

    private static async Task<(ApiKey[] Clients, ApiKey[] Controllers)> AskAsync()
    {
        await using var broker = await FuzzRun.StartBrokerAsync();
        return (await AskAsync(broker.Node(1).EndPoint), await AskAsync(IPEndPoint.Parse(broker.Node(1).ControllerAddress!)));
    }

    private static async Task<ApiKey[]> AskAsync(IPEndPoint listener)
    {
        await using var client = await KafkaConnection.ConnectAsync(listener.Address.ToString(), listener.Port);
        var table = await client.SendAsync(new ApiVersionsRequest { ClientSoftwareName = "fuzz", ClientSoftwareVersion = "1" }, 3).WaitAsync(TestTime.Limit);
        return [.. table.ApiKeys.Select(api => (ApiKey)api.ApiKey)];
    }
}
