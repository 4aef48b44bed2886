using SchemaStream.Broker.Metadata.Quotas;
using SchemaStream.Broker.Server.Handlers;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Tests.Handlers;

public sealed class ClientQuotaFiltersTests
{
    [Theory]
    [InlineData("2001:DB8:0:0::1", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("2001:db8::2", false)]
    [InlineData("nowhere", false)]
    public void Address_IsFound_HoweverItIsWritten(string asked, bool isFound)
    {
        var request = new DescribeClientQuotasRequest { Components = [new() { EntityType = QuotaEntity.IpType, MatchType = 0, Match = asked }] };
        ClientQuotaFilters.Of(request).Filter.ShouldNotBeNull().Matches(QuotaEntity.OfIp("2001:db8::1")).ShouldBe(isFound);
    }
}
