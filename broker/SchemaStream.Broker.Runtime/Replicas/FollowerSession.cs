using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Replicas;

/// <summary>
/// The fetch session that this follower has with a leader (KIP-227), as its side counts: a poll names what changed since the
/// last one. A leader need not give any; then every poll names everything.
/// </summary>
internal sealed class FollowerSession
{
    private int _id;
    private int _epoch;

    /// <summary>The next poll names everything that is wanted, and begins the session with it.</summary>
    public bool IsNew => _epoch == 0;

    /// <summary>Says whom the request goes on with; one that begins anew also ends the former one at the leader.</summary>
    public void Write(FetchRequest request) => (request.SessionId, request.SessionEpoch) = (_id, _epoch);

    /// <summary>The next poll begins anew: what the leader keeps of this one is not what is wanted.</summary>
    public void Restart() => _epoch = 0;

    /// <summary>The leader's answer: whether there is a session now.</summary>
    public bool TryGoOn(FetchResponse answer)
    {
        switch (answer.ErrorCode)
        {
            case ErrorCode.None when answer.SessionId > 0:
                _epoch = _epoch == int.MaxValue ? 1 : _epoch + 1;
                _id = answer.SessionId;
                return true;
            case ErrorCode.InvalidFetchSessionEpoch or ErrorCode.FetchSessionTopicIdError:
                // It is there, in a state that is not known here.
                _epoch = 0;
                return false;
            default:
                (_id, _epoch) = (0, 0);
                return false;
        }
    }

    /// <summary>Nothing is wrong with what was asked for: it is asked for again, anew.</summary>
    public static bool IsOver(ErrorCode error) => error
        is ErrorCode.FetchSessionIdNotFound or ErrorCode.InvalidFetchSessionEpoch or ErrorCode.FetchSessionTopicIdError;
}
