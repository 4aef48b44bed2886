using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Credentials;

/// <summary>AlterUserScramCredentials: each user for itself, all of its credentials that are named or none.</summary>
internal static class ScramCredentialAltering
{
    private const int LeastIterations = 4_096;
    private const int MostIterations = 16_384;

    /// <summary>Of salts and keys; SHA-512 has 64.</summary>
    private const int LongestSecret = 256;

    private const int LongestUser = 1_024;

    public static AlterScramCredentialsReply Alter(ControllerDraft draft, AlterScramCredentialsCommand command)
    {
        var results = new List<ScramCredentialResult>();
        var added = 0;
        foreach (var user in command.Changes.GroupBy(change => change.User.User, StringComparer.Ordinal))
        {
            var (error, message) = Check(draft, [.. user], added);
            if (error == ErrorCode.None)
            {
                added += user.Count(change => change.Credential is not null && !draft.Image.ScramCredentials.ContainsKey(change.User));
                draft.Records.AddRange(user.Select(RecordOf));
            }

            results.Add(new ScramCredentialResult(user.Key, error, message));
        }

        return new AlterScramCredentialsReply(results);
    }

    public static IRecordMessage RecordOf(ScramCredentialChange change) => change.Credential is { } credential
        ? new ScramCredentialRecord
        {
            User = change.User.User,
            Mechanism = (sbyte)change.User.Mechanism,
            Salt = credential.Salt.ToArray(),
            StoredKey = credential.StoredKey.ToArray(),
            ServerKey = credential.ServerKey.ToArray(),
            Iterations = credential.Iterations,
        }
        : new RemoveScramCredentialRecord { User = change.User.User, Mechanism = (sbyte)change.User.Mechanism };

    private static (ErrorCode Error, string? Message) Check(ControllerDraft draft, ScramCredentialChange[] changes, int added)
    {
        var known = draft.Image.ScramCredentials;
        foreach (var (user, credential) in changes)
        {
            if (user.User.Length is 0 or > LongestUser)
            {
                return (ErrorCode.UnacceptableCredential, user.User.Length == 0 ? "Username must not be empty" : "Username is too long");
            }

            if (user.Mechanism is not (ScramMechanism.ScramSha256 or ScramMechanism.ScramSha512))
            {
                return (ErrorCode.UnsupportedSaslMechanism, "Unknown SCRAM mechanism");
            }

            if (changes.Count(other => other.User == user) > 1)
            {
                return (ErrorCode.DuplicateResource, "A user credential cannot be altered twice in the same request");
            }

            if (credential is null)
            {
                if (!known.ContainsKey(user))
                {
                    return (ErrorCode.ResourceNotFound, "Attempt to delete a user credential that does not exist");
                }
            }
            else if (Mistake(credential) is { } mistake)
            {
                return (ErrorCode.UnacceptableCredential, mistake);
            }
            else if (!known.ContainsKey(user) && known.Count + added >= draft.Options.MaxScramCredentials)
            {
                return (ErrorCode.PolicyViolation, $"The cluster keeps {draft.Options.MaxScramCredentials} credentials, and takes no more.");
            }
        }

        return (ErrorCode.None, null);
    }

    private static string? Mistake(ScramCredential credential) =>
        credential.Iterations < LeastIterations ? "Too few iterations"
        : credential.Iterations > MostIterations ? "Too many iterations"
        : credential.Salt.IsEmpty || credential.StoredKey.IsEmpty || credential.ServerKey.IsEmpty ? "Salt and salted password must not be empty"
        : credential.Salt.Length > LongestSecret || credential.StoredKey.Length > LongestSecret || credential.ServerKey.Length > LongestSecret
            ? "Salt or salted password is too long"
        : null;
}
