using System.Security.Cryptography;
using System.Text;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;

namespace Adapter.Host.Tests;

public class MessageIdTests
{
    [Fact]
    public void An_id_is_the_first_half_of_the_hash_over_destination_subject_decision_and_revision()
    {
        var expected = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("manifest\u001fjourney:J-1\u001fdeparture\u001f1")))[..32];

        MessageId.Of("manifest", Subject.OfJourney("J-1"), "departure", revision: 1).ShouldBe(expected);
    }

    [Fact]
    public void Every_part_makes_another_id()
    {
        string[] ids =
        [
            MessageId.Of("manifest", Subject.OfJourney("J-1"), "departure", 1),
            MessageId.Of("transportation", Subject.OfJourney("J-1"), "departure", 1),
            MessageId.Of("manifest", Subject.OfJourney("J-2"), "departure", 1),
            MessageId.Of("manifest", Subject.OfJourney("J-1"), "arrival", 1),
            MessageId.Of("manifest", Subject.OfJourney("J-1"), "departure", 2),
        ];

        ids.Distinct().Count().ShouldBe(ids.Length);
        ids.ShouldAllBe(id => id.Length == 32);
    }
}
