using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// JoinGroup v0–9. Answered when the generation is complete. v0 has the session time-out for a rebalance time-out;
// v4 hands a dynamic member its id first (MEMBER_ID_REQUIRED, KIP-394); v5 static members (KIP-345);
// v9 may tell a static leader to skip the assignment (KIP-814).
internal sealed class JoinGroupHandler(IGroupAccess groups) : ApiHandler<JoinGroupRequest, JoinGroupResponse>
{
    protected override async ValueTask<JoinGroupResponse?> HandleAsync(JoinGroupRequest request, RequestContext context)
    {
        var rebalanceTimeoutMs = context.ApiVersion == 0 ? request.SessionTimeoutMs : request.RebalanceTimeoutMs;
        var reply = await groups.SubmitAsync(
            request.GroupId,
            new JoinGroupCommand
            {
                GroupId = request.GroupId,
                MemberId = request.MemberId,
                GroupInstanceId = request.GroupInstanceId,
                ClientId = context.ClientId,
                ClientHost = "/" + context.ClientAddress,
                ProtocolType = request.ProtocolType,
                Protocols = Copy(request.Protocols),
                SessionTimeout = TimeSpan.FromMilliseconds(request.SessionTimeoutMs),
                RebalanceTimeout = TimeSpan.FromMilliseconds(rebalanceTimeoutMs),
                RequireKnownMemberId = context.ApiVersion >= 4,
                SupportSkippingAssignment = context.ApiVersion >= 9,
                Reason = request.Reason,
                MemberUuid = Guid.NewGuid(),
            },
            context.Cancellation).ConfigureAwait(false);

        var response = new JoinGroupResponse
        {
            ErrorCode = reply.ErrorCode,
            GenerationId = reply.GenerationId,
            ProtocolType = reply.ProtocolType,
            // Null is a word only from v7 on.
            ProtocolName = context.ApiVersion >= 7 ? reply.ProtocolName : reply.ProtocolName ?? "",
            Leader = reply.LeaderId,
            SkipAssignment = reply.SkipAssignment,
            MemberId = reply.MemberId,
        };
        foreach (var member in reply.Members)
        {
            response.Members.Add(new()
            {
                MemberId = member.MemberId,
                GroupInstanceId = member.GroupInstanceId,
                Metadata = member.Metadata,
            });
        }

        return response;
    }

    /// <summary>The group keeps this for as long as the member lives, the request's memory goes with the reply.</summary>
    private static JoinProtocol[] Copy(List<JoinGroupRequest.JoinGroupRequestProtocol> protocols)
    {
        var copies = new JoinProtocol[protocols.Count];
        for (var i = 0; i < copies.Length; i++)
        {
            copies[i] = new JoinProtocol(protocols[i].Name, protocols[i].Metadata.ToArray());
        }

        return copies;
    }
}
