using SchemaStream.Transport.Native;

namespace SchemaStream.Tests.Transport.Native;

/// <summary>Bytes that another client has written are counted, and never believed.</summary>
public sealed class MemberAssignmentTests
{
    /// <summary>Version 0; topic "a" with the partitions 0 and 2, topic "b" with 1; no user data.</summary>
    private static readonly byte[] TwoTopics =
    [
        0, 0, 0, 0, 0, 2, 0, 1, (byte)'a', 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1, (byte)'b', 0, 0, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff,
    ];

    [Theory]
    [InlineData("a", 2)]
    [InlineData("b", 1)]
    [InlineData("c", 0)]
    public void Partitions_AreThoseOfTheTopic(string topic, int count) => MemberAssignment.CountPartitions(TwoTopics, topic).ShouldBe(count);

    [Fact]
    public void Member_ThatHasJustJoined_HasNone() => MemberAssignment.CountPartitions([], "a").ShouldBe(0);

    [Fact]
    public void Assignment_ThatIsCutShort_SaysNothing()
    {
        for (var length = 1; length < TwoTopics.Length - sizeof(int); length++)
        {
            MemberAssignment.CountPartitions(TwoTopics.AsSpan(0, length), "a").ShouldBeNull();
        }
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0xff, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 1, 0xff, 0xff })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 1, 0, 1, (byte)'a', 0x7f, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 1, 0, 1, (byte)'a', 0xff, 0xff, 0xff, 0xff })]
    public void Counts_ThatCannotBe_SayNothing(byte[] assignment) => MemberAssignment.CountPartitions(assignment, "a").ShouldBeNull();
}
