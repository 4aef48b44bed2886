namespace SchemaStream;

/// <summary>How a program says to the brokers who it is.</summary>
public enum SaslMechanism
{
    /// <summary>Not at all, or by its certificate.</summary>
    None = 0,

    /// <summary>Name and password as they are: only over TLS (RFC 4616).</summary>
    Plain = 1,

    /// <summary>SCRAM with SHA-256 (RFC 7677): the password itself does not travel.</summary>
    ScramSha256 = 2,

    /// <summary>SCRAM with SHA-512: the password itself does not travel.</summary>
    ScramSha512 = 3,
}
