using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Administration;

namespace SchemaStream.Tests.Administration;

/// <summary>What a program hears that begins before its brokers do, or elsewhere.</summary>
public sealed class TopicAdminTests
{
    [Fact]
    public async Task BrokersThatAreNotThere_AreSaidToBe_WithWhatTheConnectionSaid()
    {
        var nowhere = new Dictionary<string, string> { ["bootstrap.servers"] = "127.0.0.1:1" };
        using var admin = new TopicAdmin(nowhere, NullLogger.Instance, TimeSpan.FromSeconds(1));

        var failures = new[]
        {
            await Should.ThrowAsync<BrokerException>(() => admin.CreateAsync("orders", new TopicSpecification(), CancellationToken.None)),
            await Should.ThrowAsync<BrokerException>(() => admin.PingAsync(CancellationToken.None)),
        };

        foreach (var failure in failures)
        {
            failure.Code.ShouldBe("TIMED_OUT");
            failure.Message.ShouldContain("127.0.0.1:1");
            failure.Message.ShouldContain("Connection refused");
            failure.Message.ShouldContain("schemastream up");
        }
    }
}
