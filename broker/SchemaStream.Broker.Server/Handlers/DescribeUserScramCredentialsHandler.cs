using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// DescribeUserScramCredentials v0: which users have credentials of which mechanism; never the credentials. No users named
// are all. A user twice is DUPLICATE_RESOURCE, one without credentials RESOURCE_NOT_FOUND.
internal sealed class DescribeUserScramCredentialsHandler(IMetadataAccess metadata)
    : ApiHandler<DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse>
{
    protected override ValueTask<DescribeUserScramCredentialsResponse?> HandleAsync(
        DescribeUserScramCredentialsRequest request, RequestContext context)
    {
        var byUser = metadata.Image.ScramCredentials.ToLookup(credential => credential.Key.User, StringComparer.Ordinal);
        var asked = request.Users is { Count: > 0 } users
            ? users.CountBy(user => user.Name, StringComparer.Ordinal)
            : byUser.Select(user => KeyValuePair.Create(user.Key, 1));
        var response = new DescribeUserScramCredentialsResponse();
        foreach (var (user, count) in asked)
        {
            var result = new DescribeUserScramCredentialsResponse.DescribeUserScramCredentialsResult { User = user };
            if (count > 1)
            {
                result.ErrorCode = ErrorCode.DuplicateResource;
                result.ErrorMessage = $"Cannot describe SCRAM credentials for the same user twice in a single request: {user}";
            }
            else if (!byUser.Contains(user))
            {
                result.ErrorCode = ErrorCode.ResourceNotFound;
                result.ErrorMessage = $"Attempt to describe a user credential that does not exist: {user}";
            }
            else
            {
                result.CredentialInfos.AddRange(byUser[user].Select(credential =>
                    new DescribeUserScramCredentialsResponse.CredentialInfo
                    {
                        Mechanism = (sbyte)credential.Key.Mechanism,
                        Iterations = credential.Value.Iterations,
                    }));
            }

            response.Results.Add(result);
        }

        return ValueTask.FromResult<DescribeUserScramCredentialsResponse?>(response);
    }
}
