using System.Diagnostics;
using SchemaStream.Broker.Coordination.Groups.Consumer;

namespace SchemaStream.Broker.Coordination.Tests.Groups.Consumer;

public sealed class SubscriptionRegexTests
{
    [Theory]
    [InlineData("orders", "orders", "orders2 my-orders")]
    [InlineData("orders.*", "orders orders-eu", "my-orders")]
    [InlineData("^orders-(eu|us)$", "orders-eu orders-us", "orders-asia")]
    [InlineData("(?i)ORDERS", "orders Orders", "bills")]
    [InlineData("(?P<region>eu|us)-.+", "eu-1 us-2", "eu-")]
    [InlineData("(?:a|b){2}", "ab ba", "a abc")]
    [InlineData(@"\Qa.b\E.*", "a.b a.bc", "axb")]
    [InlineData("[[:alpha:]]+[[:digit:]]", "orders1", "orders 1orders")]
    [InlineData(@"[]a-c[.-]+", "a.b-c", "d")]
    [InlineData(@"\pL+", "orders", "1")]
    [InlineData(@"t\x{6f}pic", "topic", "tpic")]
    [InlineData("(?U)a+", "aaa", "b")]
    public void Pattern_OfRe2s_MatchesWholeNames(string pattern, string matching, string others)
    {
        SubscriptionRegex.TryCreate(pattern, out var regex, out var why).ShouldBeTrue(why);
        matching.Split(' ').ShouldAllBe(name => regex!.IsMatch(name));
        others.Split(' ').ShouldAllBe(name => !regex!.IsMatch(name));
    }

    [Theory]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("a)(?:b")]
    [InlineData("[a")]
    [InlineData("a**")]
    [InlineData("*a")]
    [InlineData(@"(a)\1")]
    [InlineData(@"(?P<n>a)\k<n>")]
    [InlineData("(?=a)a")]
    [InlineData("(?!a)b")]
    [InlineData("(?<=a)b")]
    [InlineData("(?>a)")]
    [InlineData("(?x) a")]
    [InlineData("(?#note)a")]
    [InlineData("(?(1)a|b)")]
    [InlineData("a{1001}")]
    [InlineData(@"\Ga")]
    [InlineData(@"a\")]
    [InlineData("[[:what:]]")]
    [InlineData("[z-a]")]
    public void Pattern_ThatIsNotRe2s_IsRefused(string pattern)
    {
        SubscriptionRegex.TryCreate(pattern, out _, out var why).ShouldBeFalse();
        why.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void Pattern_ThatIsTooLong_IsRefused() =>
        SubscriptionRegex.TryCreate(new string('a', SubscriptionRegex.LongestPattern + 1), out _, out _).ShouldBeFalse();

    [Theory]
    [InlineData("(a+)+b")]
    [InlineData("(a|aa)*c")]
    [InlineData("((a{1,100}){1,100}){1,100}b")]
    public void Pattern_ThatAsksForMuch_IsAnsweredInTime(string pattern)
    {
        if (SubscriptionRegex.TryCreate(pattern, out var regex, out _))
        {
            var watch = Stopwatch.StartNew();
            regex.IsMatch(new string('a', 249)).ShouldBeFalse();
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
        }
    }
}
