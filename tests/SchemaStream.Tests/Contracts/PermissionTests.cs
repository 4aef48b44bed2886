using System.Security.Cryptography;
using System.Text;
using SchemaStream.Registry.Client;
using SchemaStream.Registry.Security;
using SchemaStream.Registry.Security.Identities;
using SchemaStream.Registry.Security.Permissions;

namespace SchemaStream.Tests.Contracts;

/// <summary>What a program has to be allowed at the registry, and no more.</summary>
public sealed class PermissionTests
{
    [Fact]
    public async Task AProducer_NeedsWriteOnItsTopicsSubjects_AndNothingElse()
    {
        await using var servers = await RegistryFixture.StartAsync(Security());
        await using var client = servers.ClientWithToken("writer");

        await using (var first = await client.CreateProducerAsync(Orders.Topic))
        {
            (await first.SendAsync("k", Orders.Order(1), new RecordOptions { Partition = 0 })).Offset.ShouldBe(0);
        }

        await using var another = servers.ClientWithToken("writer");
        await using var again = await another.CreateProducerAsync(Orders.Topic);
        (await again.SendAsync("k", Orders.Order(2), new RecordOptions { Partition = 0 })).Offset.ShouldBe(1);
        (await Should.ThrowAsync<TopicContractException>(() => another.CreateProducerAsync(Orders.OtherType))).Slot.ShouldBe(RecordSlot.Value);
    }

    [Fact]
    public async Task WhoMayWriteOtherSubjects_DoesNotBindTheTopic()
    {
        await using var servers = await RegistryFixture.StartAsync(Security());
        await using var client = servers.ClientWithToken("stranger");

        var refusal = await Should.ThrowAsync<RegistryException>(() => client.CreateProducerAsync(Orders.Topic));

        refusal.ErrorCode.ShouldBe(40301);
        refusal.Message.ShouldContain("orders-");
    }

    private static SecurityOptions Security() => new()
    {
        Tokens = TokenFile.Parse(string.Join('\n', new[] { "writer", "stranger" }.Select(
            name => $"{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(name)))}:{name}"))),
        Permissions = PermissionFile.Parse("writer orders- write\nstranger payments- write"),
    };
}
