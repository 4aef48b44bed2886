namespace SchemaStream.Protocol.Client.Security;

/// <summary>
/// One side refused the other: the certificate is not trusted, the credentials are not taken, or the broker could not show
/// that it knows them. Trying again does not help.
/// </summary>
public sealed class KafkaAuthenticationException : Exception
{
    public KafkaAuthenticationException()
    {
    }

    public KafkaAuthenticationException(string message)
        : base(message)
    {
    }

    public KafkaAuthenticationException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    public KafkaAuthenticationException(string message, RefusalKind kind, Exception? innerException = null)
        : base(message, innerException) => Kind = kind;

    /// <summary>What was refused: what there is to set follows from it.</summary>
    public RefusalKind Kind { get; }
}

/// <summary>What was refused when a connection was made.</summary>
public enum RefusalKind
{
    /// <summary>The broker does not keep the rules of the exchange.</summary>
    Exchange = 0,

    /// <summary>The client does not trust who has signed the broker's certificate.</summary>
    Authority = 1,

    /// <summary>The broker's certificate is of another host.</summary>
    HostName = 2,

    /// <summary>The two do not come to terms on TLS, or the broker takes no connection without a certificate of its liking.</summary>
    Encryption = 3,

    /// <summary>The broker does not offer the SASL mechanism.</summary>
    Mechanism = 4,

    /// <summary>The broker does not take the name and the password.</summary>
    Credentials = 5,
}
