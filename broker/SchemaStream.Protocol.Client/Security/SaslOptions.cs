namespace SchemaStream.Protocol.Client.Security;

/// <summary>As whom a connection authenticates.</summary>
/// <param name="Mechanism">How.</param>
/// <param name="Username">Who.</param>
/// <param name="Password">The secret; never part of a message or a log.</param>
public sealed record SaslOptions(SaslMechanism Mechanism, string Username, string Password)
{
    public override string ToString() => $"{ScramClient.NameOf(Mechanism)} as {Username}";
}

/// <summary>Kafka's <c>sasl.mechanism</c>.</summary>
public enum SaslMechanism
{
    Plain = 0,
    ScramSha256 = 1,
    ScramSha512 = 2,
}
