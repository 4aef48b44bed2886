using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Quotas;
using SchemaStream.Protocol;
using static SchemaStream.Broker.Metadata.Quotas.QuotaEntity;
using static SchemaStream.Broker.Metadata.Quotas.QuotaKeys;

namespace SchemaStream.Broker.Metadata.Tests.Quotas;

public sealed class ClientQuotaTests
{
    private readonly ControllerDriver _cluster = ControllerDriver.WithBrokers(1, new ControllerOptions { MaxClientQuotaEntities = 20 });

    [Fact]
    public void Quota_ThatSaysMostAboutTheClient_Applies()
    {
        var least = new[]
        {
            Of(null, null), Of("u", null), Of(null, "c"), Of("u", "c"),
        };
        Set([new(ClientIdType, null)], ProducerByteRate, 8);
        Limit("u", "c").ShouldBe(8);
        Set([new(ClientIdType, "c")], ProducerByteRate, 7);
        Limit("u", "c").ShouldBe(7);
        Set([new(UserType, null)], ProducerByteRate, 6);
        Limit("u", "c").ShouldBe(6);
        Set([new(UserType, null), new(ClientIdType, null)], ProducerByteRate, 5);
        Limit("u", "c").ShouldBe(5);
        Set([new(UserType, null), new(ClientIdType, "c")], ProducerByteRate, 4);
        Limit("u", "c").ShouldBe(4);
        Set([new(UserType, "u")], ProducerByteRate, 3);
        Limit("u", "c").ShouldBe(3);
        Set([new(UserType, "u"), new(ClientIdType, null)], ProducerByteRate, 2);
        Limit("u", "c").ShouldBe(2);
        Set([new(ClientIdType, "c"), new(UserType, "u")], ProducerByteRate, 1);
        Limit("u", "c").ShouldBe(1);

        Limit("other", "c").ShouldBe(4);
        Limit("other", "other").ShouldBe(5);
        Table.Find(ConsumerByteRate, "u", "c").ShouldBeNull();
        foreach (var entity in least)
        {
            Table.Entities.ShouldContainKey(entity);
        }
    }

    [Fact]
    public void Quota_IsShared_ByThoseItDoesNotTellApart()
    {
        Set([new(UserType, "u")], ConsumerByteRate, 1);
        Table.Find(ConsumerByteRate, "u", "c").ShouldBe(new QuotaMatch(1, PerUser: true, PerClientId: false));
        Set([new(ClientIdType, null)], ConsumerByteRate, 2);
        Table.Find(ConsumerByteRate, "v", "c").ShouldBe(new QuotaMatch(2, PerUser: false, PerClientId: true));
    }

    [Fact]
    public void Quota_OfAnAddress_GoesBeforeThatOfAll()
    {
        Set([new(IpType, null)], ConnectionCreationRate, 10);
        Set([new(IpType, "10.0.0.1")], ConnectionCreationRate, 1);
        Table.FindOfIp(ConnectionCreationRate, "10.0.0.1").ShouldBe(1);
        Table.FindOfIp(ConnectionCreationRate, "10.0.0.2").ShouldBe(10);
    }

    [Fact]
    public void Quota_OfAnAddress_IsOneQuota_HoweverTheAddressIsWritten()
    {
        Set([new(IpType, "2001:DB8:0:0::1")], ConnectionCreationRate, 1);
        Set([new(IpType, "2001:db8::1")], ConnectionCreationRate, 2);
        Table.Entities.Keys.ShouldBe([OfIp("2001:db8::1")]);
        Set([new(IpType, "::ffff:10.0.0.1")], ConnectionCreationRate, 3);
        Table.FindOfIp(ConnectionCreationRate, "10.0.0.1").ShouldBe(3);

        Alter([new(IpType, "2001:0db8::0:1")], new QuotaChange(ConnectionCreationRate, null)).ErrorCode.ShouldBe(ErrorCode.None);
        Table.Entities.Keys.ShouldBe([OfIp("10.0.0.1")]);
    }

    [Fact]
    public void Quotas_AreThereAfterARestart_AndGoneWhenRemoved()
    {
        Set([new(UserType, "u"), new(ClientIdType, null)], RequestPercentage, 12.5);
        Set([new(ClientIdType, "c")], ControllerMutationRate, 0.5);
        var restarted = _cluster.Restart().Image;
        ImageText.Of(restarted).ShouldBe(ImageText.Of(_cluster.Image));
        restarted.ClientQuotas.Find(RequestPercentage, "u", "x")!.Value.Limit.ShouldBe(12.5);

        Alter([new(UserType, "u"), new(ClientIdType, null)], new QuotaChange(RequestPercentage, null)).ErrorCode.ShouldBe(ErrorCode.None);
        Table.Has(RequestPercentage).ShouldBeFalse();
        Table.Entities.Keys.ShouldBe([OfClientId("c")]);
        var offset = _cluster.Image.Offset;
        Alter([new(UserType, "u")], new QuotaChange(RequestPercentage, null)).ErrorCode.ShouldBe(ErrorCode.None);
        Set([new(ClientIdType, "c")], ControllerMutationRate, 0.5);
        _cluster.Image.Offset.ShouldBe(offset, "nothing changed");
    }

    public static TheoryData<string, string?, string, double, string> Mistakes() => new()
    {
        { "group", "g", ProducerByteRate, 1, "Unhandled client quota entity type: group" },
        { UserType, "", ProducerByteRate, 1, "Empty user not supported" },
        { UserType, new string('u', 1_025), ProducerByteRate, 1, "more than 1024 characters" },
        { UserType, "u", "retention.ms", 1, "Invalid configuration key retention.ms" },
        { UserType, "u", ConnectionCreationRate, 1, "Invalid configuration key connection_creation_rate" },
        { UserType, "u", ProducerByteRate, 1.5, "must be a Long value" },
        { UserType, "u", ProducerByteRate, 0, "must be greater than 0" },
        { UserType, "u", RequestPercentage, -1, "must be greater than 0" },
        { UserType, "u", RequestPercentage, double.NaN, "must be greater than 0" },
        { IpType, "nowhere", ConnectionCreationRate, 1, "nowhere is not a valid IP address." },
        { IpType, "10.0.0.1", ProducerByteRate, 1, "Invalid configuration key producer_byte_rate" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Quota_ThatCannotBe_IsRefused(string type, string? name, string key, double value, string reason)
    {
        var before = _cluster.Image;
        var result = Alter([new(type, name)], new QuotaChange(key, value));
        result.ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
        result.ErrorMessage!.ShouldContain(reason);
        _cluster.Image.ShouldBeSameAs(before);
    }

    [Fact]
    public void Entity_ThatIsNone_IsRefused()
    {
        Alter([], new QuotaChange(ProducerByteRate, 1)).ErrorMessage!.ShouldContain("empty client quota entity");
        Alter([new(UserType, "a"), new(UserType, "b")], new QuotaChange(ProducerByteRate, 1)).ErrorMessage!.ShouldContain("duplicate entity entry user");
        Alter([new(UserType, "a"), new(IpType, null)], new QuotaChange(ProducerByteRate, 1)).ErrorMessage!.ShouldContain("should not be combined");
        Alter([new(UserType, "a")], new QuotaChange(ProducerByteRate, 1), new QuotaChange(ProducerByteRate, 2))
            .ErrorMessage!.ShouldContain("Duplicate quota key producer_byte_rate");
    }

    [Fact]
    public void Entities_SucceedOrFailEachForItself_AndTwiceIsTooOften()
    {
        var reply = _cluster.Submit(new AlterClientQuotasCommand(
        [
            new([new(UserType, "a")], [new(ProducerByteRate, 1)]),
            new([new(UserType, "b")], [new(ProducerByteRate, 1), new("x", 1)]),
            new([new(UserType, "a")], [new(ProducerByteRate, 2)]),
        ]));
        reply.Entities.Select(result => result.ErrorCode).ShouldBe([ErrorCode.None, ErrorCode.InvalidRequest, ErrorCode.InvalidRequest]);
        reply.Entities[2].ErrorMessage.ShouldBe("Ignoring duplicate entity ClientQuotaEntity(entries={user=a})");
        Limit("a", "").ShouldBe(1);
        Table.Find(ProducerByteRate, "b", "").ShouldBeNull();
    }

    [Fact]
    public void Quotas_ForValidationOnly_ChangeNothing_AndTheirNumberIsBounded()
    {
        _cluster.Submit(new AlterClientQuotasCommand([new([new(UserType, "a")], [new(ProducerByteRate, 1)])], ValidateOnly: true))
            .Entities.Single().ErrorCode.ShouldBe(ErrorCode.None);
        Table.Entities.ShouldBeEmpty();

        var reply = _cluster.Submit(new AlterClientQuotasCommand(
            [.. Enumerable.Range(0, 21).Select(i => new ClientQuotaAlteration([new(ClientIdType, $"c{i}")], [new(ProducerByteRate, 1)]))]));
        reply.Entities.Count(result => result.ErrorCode == ErrorCode.None).ShouldBe(20);
        reply.Entities[20].ErrorCode.ShouldBe(ErrorCode.PolicyViolation);
    }

    [Fact]
    public void Find_AllocatesNothing()
    {
        Set([new(ClientIdType, null)], ProducerByteRate, 8);
        var table = Table;
        for (var i = 0; i < 1_000; i++)
        {
            table.Find(ProducerByteRate, "u", "c");
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            table.Find(ProducerByteRate, "u", "c");
            table.Find(ConsumerByteRate, "u", "c");
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private ClientQuotaTable Table => _cluster.Image.ClientQuotas;

    private double? Limit(string user, string clientId) => Table.Find(ProducerByteRate, user, clientId)?.Limit;

    private void Set(QuotaEntityPart[] entity, string key, double value) =>
        Alter(entity, new QuotaChange(key, value)).ErrorCode.ShouldBe(ErrorCode.None);

    private ClientQuotaResult Alter(QuotaEntityPart[] entity, params QuotaChange[] changes) =>
        _cluster.Submit(new AlterClientQuotasCommand([new ClientQuotaAlteration(entity, changes)])).Entities.Single();
}
