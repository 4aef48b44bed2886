using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Credentials;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Controller.Wire;

public sealed class AlterScramCredentialsApi : ControllerApi<
    AlterScramCredentialsCommand,
    AlterScramCredentialsReply,
    ControllerAlterScramCredentialsRequest,
    ControllerAlterScramCredentialsResponse>
{
    public override string ClusterIdOf(ControllerAlterScramCredentialsRequest request) => request.ClusterId;

    public override ControllerAlterScramCredentialsRequest RequestOf(AlterScramCredentialsCommand command, string clusterId) => new()
    {
        ClusterId = clusterId,
        Changes = [.. command.Changes.Select(RequestOf)],
    };

    public override AlterScramCredentialsCommand CommandOf(ControllerAlterScramCredentialsRequest request) => new(
        request.Changes.ConvertAll(change => new ScramCredentialChange(
            new ScramUser(change.User, (ScramMechanism)change.Mechanism),
            change.Remove
                ? null
                : new ScramCredential(
                    [.. change.Salt.Span], [.. change.StoredKey.Span], [.. change.ServerKey.Span], change.Iterations))));

    public override ControllerAlterScramCredentialsResponse ResponseOf(in ControllerAnswer<AlterScramCredentialsReply> answer) => new()
    {
        ErrorCode = answer.Error,
        ErrorMessage = answer.Message,
        MetadataOffset = answer.MetadataOffset,
        Users =
        [.. (answer.Reply?.Users ?? []).Select(user => new ControllerAlterScramCredentialsResponse.UserResult
        {
            Name = user.User,
            ErrorCode = user.ErrorCode,
            ErrorMessage = user.ErrorMessage,
        })],
    };

    public override ControllerAnswer<AlterScramCredentialsReply> AnswerOf(ControllerAlterScramCredentialsResponse response) =>
        NoReply(response.ErrorCode, response.ErrorMessage)
        ?? Reply(
            new(response.Users.ConvertAll(user => new ScramCredentialResult(user.Name, user.ErrorCode, user.ErrorMessage))),
            response.MetadataOffset);

    private static ControllerAlterScramCredentialsRequest.CredentialChange RequestOf(ScramCredentialChange change) => new()
    {
        User = change.User.User,
        Mechanism = (sbyte)change.User.Mechanism,
        Remove = change.Credential is null,
        Salt = change.Credential?.Salt.ToArray(),
        StoredKey = change.Credential?.StoredKey.ToArray(),
        ServerKey = change.Credential?.ServerKey.ToArray(),
        Iterations = change.Credential?.Iterations ?? 0,
    };
}
