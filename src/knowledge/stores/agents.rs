//! What Foundry agents, assistants and conversations keep inside the service.

use super::{Family, Keeper, Keeping, Personal, Sheet, WRITE_ANEW, you};

/// The sheets of agents.
#[rustfmt::skip]
pub(super) const ALL: &[Sheet] = &[
    Sheet {
        id: "threads", family: Family::Service, title: "Assistants and threads",
        holds: "messages, runs and instructions of the Assistants API",
        keeper: Keeper::Microsoft, personal: Personal::LikeContent, keeping: Keeping::Clock("threads"), counted: &["assistants"],
        unseen: "Threads cannot be listed by any call: only ids that the application kept lead to them.",
        steps: [
            you("Look up in your application which thread ids belong to the person. `GET {account}/openai/assistants?api-version=VERSION` lists assistants, not threads."),
            you("`GET {account}/openai/threads/ID/messages?api-version=VERSION`."),
            WRITE_ANEW,
            you("Stop using the Assistants API, or block it at a gateway."),
            you("`DELETE {account}/openai/threads/ID?api-version=VERSION` for each id."),
            you("Keep the JSON of the messages."),
        ],
        cannot: "A thread whose id is lost can be neither found nor deleted one by one; deleting the account is what remains. Every key holder of the account can read every thread.",
        statements: &["threads-until-deleted", "threads-cannot-be-listed"],
    },
    Sheet {
        id: "conversations", family: Family::Service, title: "Conversations",
        holds: "items of conversations of the Responses API and of agents",
        keeper: Keeper::Microsoft, personal: Personal::LikeContent, keeping: Keeping::Clock("conversations"), counted: &["conversations"],
        unseen: "Conversations are not in Azure Resource Manager. Foundry projects can list theirs; an account without a project has no such call.",
        steps: [
            you("`GET {project}/openai/v1/conversations` in each Foundry project; elsewhere, look up the ids in your application."),
            you("`GET {project}/openai/v1/conversations/ID/items`."),
            WRITE_ANEW,
            you("Keep no conversations: send store: false and no conversation id."),
            you("`DELETE {project}/openai/v1/conversations/ID`, or single items: `DELETE {project}/openai/v1/conversations/ID/items/ITEM`."),
            you("Keep the JSON of the items."),
        ],
        cannot: "Without a Foundry project, conversations whose ids are lost cannot be found.",
        statements: &["agent-data-until-deleted"],
    },
    Sheet {
        id: "agent-stores", family: Family::Service, title: "Agents in Microsoft's stores",
        holds: "threads, files and vectors of agents whose project has no stores of its own",
        keeper: Keeper::Microsoft, personal: Personal::LikeContent, keeping: Keeping::Clock("agent-stores"), counted: &["agents"],
        unseen: "A project lacks stores of its own, so its agents write to Microsoft's; what they wrote is not in Azure Resource Manager.",
        steps: [
            you("`GET {project}/agents?api-version=v1` lists agents, `GET {project}/openai/v1/conversations` their conversations."),
            you("`GET {project}/openai/v1/conversations/ID/items`; files as in the row on files."),
            WRITE_ANEW,
            you("Connect Cosmos DB, Storage and AI Search of your own through a capability host (standard setup)."),
            you("Delete conversations, files and vector stores of the agents one by one, then the agents."),
            you("Keep the JSON of the items, and the files."),
        ],
        cannot: "Threads of the older agent service cannot be listed without their ids. The stores are under Microsoft's keys, also when the account has a key of yours.",
        statements: &["basic-setup-microsoft-stores", "agent-data-until-deleted", "keys-do-not-cover-agents"],
    },
    Sheet {
        id: "hosted-agent-home", family: Family::Service, title: "Sessions of hosted agents",
        holds: "home directories, files and state of hosted agents, session by session",
        keeper: Keeper::Microsoft, personal: Personal::LikeContent, keeping: Keeping::Clock("hosted-agent-home"), counted: &["agent-sessions"],
        unseen: "A hosted agent is deployed; its sessions are not in Azure Resource Manager.",
        steps: [
            you("`GET {project}/agents/AGENT/endpoint/sessions?api-version=v1`; match sessions with people in your application."),
            you("Through the agent itself: its container sees its home directory."),
            you("Through the agent itself."),
            you("Use a prompt agent, or end sessions after use."),
            you("`DELETE {project}/agents/AGENT/endpoint/sessions/SESSION?api-version=v1`."),
            you("Through the agent itself: no call copies a home directory."),
        ],
        cannot: "It cannot be turned off, cannot be put under a key of yours or into storage of yours. Items of the state store can be set to stay for ever, and are seen by the agent's code only.",
        statements: &["hosted-home-thirty-days", "hosted-agent-sessions", "state-store-window", "sessions-can-be-deleted"],
    },
    Sheet {
        id: "memory", family: Family::Service, title: "Memory stores",
        holds: "profiles of users and summaries of their chats, as agents extracted them",
        keeper: Keeper::Microsoft, personal: Personal::ByDesign, keeping: Keeping::Clock("memory"), counted: &["memory-stores"],
        unseen: "Memory stores are not in Azure Resource Manager.",
        steps: [
            you("`GET {project}/memory_stores?api-version=v1` (header Foundry-Features: MemoryStores=V1Preview), then the memories of the person's scope."),
            you("Read the memories of the scope that stands for the person."),
            you("`POST {project}/memory_stores/NAME/items/MEMORY?api-version=v1` changes one memory."),
            you("Take the memory tool from the agent, or give each person a scope of their own."),
            you("`POST {project}/memory_stores/NAME:delete_scope?api-version=v1` deletes everything of one scope."),
            you("Keep the JSON of the memories."),
        ],
        cannot: "Which scope stands for which person is known to your application only. The feature is a preview: the calls can change. No page gives a time limit.",
        statements: &["memory-holds-profiles", "memories-by-scope", "memories-can-be-changed"],
    },
];
