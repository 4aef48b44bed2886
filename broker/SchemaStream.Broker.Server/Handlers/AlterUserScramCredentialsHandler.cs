using System.Security.Cryptography;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Credentials;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// AlterUserScramCredentials v0: sets and removes credentials; one result for each user. The salted password is turned into
// the two keys of RFC 5802 right here: it goes neither over the wire again nor into a log.
internal sealed class AlterUserScramCredentialsHandler(IMetadataAccess metadata)
    : ApiHandler<AlterUserScramCredentialsRequest, AlterUserScramCredentialsResponse>
{
    // The requests carry no time limit; this is the admin clients' own default.
    private const int TimeoutMs = 30_000;

    public override bool KeepsRequestMemory => true;

    protected override async ValueTask<AlterUserScramCredentialsResponse?> HandleAsync(
        AlterUserScramCredentialsRequest request, RequestContext context)
    {
        var changes = request.Deletions
            .ConvertAll(deletion => new ScramCredentialChange(new ScramUser(deletion.Name, (ScramMechanism)deletion.Mechanism), null));
        changes.AddRange(request.Upsertions.Select(upsertion => new ScramCredentialChange(
            new ScramUser(upsertion.Name, (ScramMechanism)upsertion.Mechanism), CredentialOf(upsertion))));
        var reply = await metadata.SubmitAsync(new AlterScramCredentialsCommand(changes), TimeoutMs, context).ConfigureAwait(false);
        var response = new AlterUserScramCredentialsResponse();
        foreach (var user in reply.Users)
        {
            response.Results.Add(new() { User = user.User, ErrorCode = user.ErrorCode, ErrorMessage = user.ErrorMessage });
        }

        return response;
    }

    private static ScramCredential CredentialOf(AlterUserScramCredentialsRequest.ScramCredentialUpsertion upsertion)
    {
        var salted = upsertion.SaltedPassword.Span;
        if (salted.IsEmpty)
        {
            return new ScramCredential([.. upsertion.Salt.Span], [], [], upsertion.Iterations);
        }

        var is512 = (ScramMechanism)upsertion.Mechanism == ScramMechanism.ScramSha512;
        var clientKey = is512 ? HMACSHA512.HashData(salted, "Client Key"u8) : HMACSHA256.HashData(salted, "Client Key"u8);
        var storedKey = is512 ? SHA512.HashData(clientKey) : SHA256.HashData(clientKey);
        var serverKey = is512 ? HMACSHA512.HashData(salted, "Server Key"u8) : HMACSHA256.HashData(salted, "Server Key"u8);
        return new ScramCredential([.. upsertion.Salt.Span], [.. storedKey], [.. serverKey], upsertion.Iterations);
    }
}
