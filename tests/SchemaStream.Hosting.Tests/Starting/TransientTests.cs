using SchemaStream.Hosting.Starting;
using SchemaStream.Registry.Client;

namespace SchemaStream.Hosting.Tests.Starting;

/// <summary>What is tried again, and what stops the host instead.</summary>
public sealed class TransientTests
{
    [Theory]
    [InlineData("TRANSPORT", true)]
    [InlineData("TIMED_OUT", true)]
    [InlineData("ALL_BROKERS_DOWN", true)]
    [InlineData("COORDINATOR_NOT_AVAILABLE", true)]
    [InlineData("UNKNOWN_TOPIC_OR_PART", true)] // it may be created yet
    [InlineData("TOPIC_AUTHORIZATION_FAILED", false)]
    [InlineData("TRANSACTIONAL_ID_AUTHORIZATION_FAILED", false)]
    [InlineData("AUTHENTICATION", false)]
    [InlineData("SASL_AUTHENTICATION_FAILED", false)]
    [InlineData("INVALID_TRANSACTION_TIMEOUT", false)]
    [InlineData("INCONSISTENT_GROUP_PROTOCOL", false)]
    [InlineData("INVALID_REPLICATION_FACTOR", false)]
    [InlineData("AUTO_OFFSET_RESET", false)] // which the settings have asked for
    [InlineData("LOG_TRUNCATION", false)]
    public void WhatBrokersSay_IsTriedAgain_UnlessOnlyAChangeMendsIt(string code, bool isTriedAgain) =>
        Transient.Is(new BrokerException(code, "tried")).ShouldBe(isTriedAgain);

    [Theory]
    [InlineData("COORDINATOR_NOT_AVAILABLE", true)]
    [InlineData("MSG_TIMED_OUT", true)]
    [InlineData("MSG_SIZE_TOO_LARGE", false)]
    [InlineData("TOPIC_AUTHORIZATION_FAILED", false)]
    public void AnAbortedTransaction_IsTriedAgain_UnlessItWouldBeAbortedEachTime(string code, bool isTriedAgain) =>
        Transient.Is(new TransactionAbortedException(code, "aborted")).ShouldBe(isTriedAgain);

    [Fact]
    public void ARegistryThatIsAwayOrOverloaded_IsAskedAgain_OneThatRefusesIsNot()
    {
        Transient.Is(new RegistryUnreachableException("away")).ShouldBeTrue();
        Transient.Is(new RegistryException(50001, 500, "store")).ShouldBeTrue();
        Transient.Is(new RegistryException(42900, 429, "slow down")).ShouldBeTrue();
        Transient.Is(new RegistryException(40101, 401, "who are you")).ShouldBeFalse();
        Transient.Is(new TopicContractException("other types")).ShouldBeFalse();
        Transient.Is(new InvalidOperationException("a handler's own")).ShouldBeFalse();
    }
}
