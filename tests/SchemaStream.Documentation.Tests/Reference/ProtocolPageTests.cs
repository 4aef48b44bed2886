using System.Text;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Documentation.Tests.Reference;

/// <summary>The table of docs/protocol.md is the broker's own answer. With SCHEMASTREAM_APPROVE=1 the test writes it.</summary>
public sealed class ProtocolPageTests
{
    private const short Version = 3;

    [Fact]
    public async Task Apis_AreThoseThatABrokerServes()
    {
        await using var broker = await TestBroker.StartAsync();
        using var limit = new CancellationTokenSource(TestTime.Limit);
        await using var connection = await KafkaConnection.ConnectAsync(
            "127.0.0.1", broker.Port, cancellationToken: limit.Token);
        var request = new ApiVersionsRequest { ClientSoftwareName = "docs", ClientSoftwareVersion = "1" };
        var answer = await connection.SendAsync(request, Version, limit.Token);

        var table = new StringBuilder("| key | API | versions |\n|---|---|---|\n");
        foreach (var api in answer.ApiKeys.OrderBy(api => api.ApiKey))
        {
            table.Append($"| {api.ApiKey} | {(ApiKey)api.ApiKey} | {api.MinVersion} to {api.MaxVersion} |\n");
        }

        DocsPage.ShouldHave("protocol.md", "<!-- apis -->", table.ToString());
    }
}
