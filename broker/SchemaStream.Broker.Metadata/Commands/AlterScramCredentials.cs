using SchemaStream.Broker.Metadata.Credentials;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Commands;

/// <summary>A credential to set, or (null) to remove.</summary>
public sealed record ScramCredentialChange(ScramUser User, ScramCredential? Credential);

/// <summary>AlterUserScramCredentials.</summary>
public sealed record AlterScramCredentialsCommand(IReadOnlyList<ScramCredentialChange> Changes) : ControllerCommand<AlterScramCredentialsReply>
{
    /// <inheritdoc/>
    public override AlterScramCredentialsReply Refused(ErrorCode error, string message) => new(
        [.. Changes.Select(change => change.User.User).Distinct(StringComparer.Ordinal).Select(user => new ScramCredentialResult(user, error, message))]);
}

/// <summary>How the change of one user's credentials went.</summary>
public sealed record ScramCredentialResult(string User, ErrorCode ErrorCode, string? ErrorMessage);

/// <summary>Answers <see cref="AlterScramCredentialsCommand"/>: each user once, in the order in which they are first named.</summary>
public sealed record AlterScramCredentialsReply(IReadOnlyList<ScramCredentialResult> Users);
