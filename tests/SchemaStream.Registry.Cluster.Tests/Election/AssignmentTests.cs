using System.Text;
using SchemaStream.Registry.Election;

namespace SchemaStream.Registry.Cluster.Tests.Election;

public sealed class AssignmentTests
{
    [Fact]
    public void Metadata_OfAMember_IsConfluents() =>
        Encoding.UTF8.GetString(Member("h", 8081).Write()).ShouldBe(
            """{"host":"h","port":8081,"master_eligibility":true,"scheme":"http","version":1,"leader":false}""");

    [Fact]
    public void Assignment_OfALeader_IsConfluents() =>
        Encoding.UTF8.GetString(new Assignment(0, "id-1", Member("h", 8081)).Write()).ShouldBe(
            """{"error":0,"master":"id-1","master_identity":{"host":"h","port":8081,"master_eligibility":true,"scheme":"http","version":1,"leader":false},"version":1}""");

    [Fact]
    public void Assignment_ReadBack_IsTheSame()
    {
        var assignment = new Assignment(0, "id-1", Member("h", 8081));

        Assignment.Read(assignment.Write()).ShouldBe(assignment);
        Assignment.Read(Assignment.Nobody.Write()).ShouldBe(Assignment.Nobody);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"error":"x","master":1,"master_identity":7}""")]
    [InlineData("""{"error":0,"master":"a","master_identity":{"host":"h"}}""")]
    [InlineData("""{"error":0,"master":"a","master_identity":{"host":"h","port":1e99}}""")]
    public void Assignment_ThatCannotBeRead_AssignsNobody(string json) =>
        Assignment.Read(Encoding.UTF8.GetBytes(json)).LeaderId.ShouldBeNull();

    [Theory]
    [InlineData("::1", "http://[::1]:8081")]
    [InlineData("[::1]", "http://[::1]:8081")]
    [InlineData("schema_registry-1", "http://schema_registry-1:8081")]
    public void Url_OfAMember_IsOne(string host, string url)
    {
        Member(host, 8081).Url.ShouldBe(url);
        MemberIdentity.Read(Member(host, 8081).Write()).ShouldNotBeNull().Url.ShouldBe(url);
    }

    [Theory]
    [InlineData("two words", 8081, "http")]
    [InlineData("host", -1, "http")]
    [InlineData("host", 99999, "http")]
    [InlineData("host", 8081, "ftp")]
    public void AMember_ThatCannotBeReached_IsNotRead(string host, int port, string scheme) =>
        MemberIdentity.Read((Member(host, port) with { Scheme = scheme }).Write()).ShouldBeNull();

    [Fact]
    public void Choose_AmongEligibleMembers_TakesTheSmallestUrlByCharacters() =>
        Choose(LeaderStickiness.SmallestUrl, ("a", Member("host", 9)), ("b", Member("host", 10)), ("c", Member("Host", 11)))
            .LeaderId.ShouldBe("c", "upper case comes first; and 10 before 9, for these are characters");

    [Fact]
    public void Choose_WhereOneLeadsAlready_KeepsItIfItIsToStick()
    {
        (string, MemberIdentity)[] members = [("a", Member("a", 1)), ("b", Member("b", 1) with { IsLeader = true })];

        Choose(LeaderStickiness.Sticky, members).LeaderId.ShouldBe("b");
        Choose(LeaderStickiness.SmallestUrl, members).LeaderId.ShouldBe("a");
    }

    [Fact]
    public void Choose_WhereALeaderMayNotLeadAnyMore_TakesAnother() =>
        Choose(LeaderStickiness.Sticky, ("a", Member("a", 1) with { IsLeader = true, IsEligible = false }), ("b", Member("b", 1)))
            .LeaderId.ShouldBe("b");

    [Fact]
    public void Choose_AmongNoneThatMayLead_AssignsNobody() =>
        Choose(LeaderStickiness.Sticky, ("a", Member("a", 1) with { IsEligible = false })).ShouldBe(Assignment.Nobody);

    [Fact]
    public void Choose_WhereTwoHaveOneUrl_IsAnErrorForAll() =>
        Choose(LeaderStickiness.Sticky, ("a", Member("a", 1)), ("b", Member("a", 1)), ("c", Member("c", 1)))
            .ShouldBe(new Assignment(1, null, null));

    private static Assignment Choose(LeaderStickiness stickiness, params (string Id, MemberIdentity Member)[] members) =>
        Assignment.Choose(members.ToDictionary(member => member.Id, member => member.Member), stickiness);

    private static MemberIdentity Member(string host, int port) => new("http", host, port, IsEligible: true, IsLeader: false);
}
